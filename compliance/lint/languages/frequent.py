"""The words every text is full of, and those messages begin with: by these a language is known, not what is said in it."""

FREQUENT: dict[str, str] = {
    "en": "a about account activate after around find out details discover enter explore go learn look start starts try verify view visit after again all also an and any are as ask at back be because been before but by can casino check "
    "come could day days dear do does email every everybody few find first for free from game games get give good had has "
    "have hello help here hi how i if in into is it its just know last let like log made mail make many may me message more "
    "most my new next no not now of off on one only open or other our out over own page please play player players question "
    "read ready reply see sent set she should show site so some soon still stop take talk tell terms than thank thanks that "
    "the their them then there these they this those time to today tomorrow two up us use want was we week welcome well went "
    "were what when where which who why will with would write year yes yesterday you your",
    "sv": "all alla allt andra att av bara behöver bli blir både båda dag dagar de dem den denna dess det detta dig din dina ditt "
    "du där efter ej eller en ens er era ett få får fått fler för före från ge ger genom gör göra ha hade han har hej hela hennes "
    "hjälp hos hur här i idag igen in ingen inget innan inte ja jag kan kanske kom komma kommer konto kontot kunde kvar kära lite "
    "logga man med mellan men mer mig min mina mycket måste ni nu ny nya någon något några när nästa och också om oss på sedan ser "
    "sig sin ska skulle snart som spel spela spelare så säg tack till tills under upp ut vad var vara vecka vem vi vid vill vilken "
    "välkommen vår våra vårt är åt än över",
    "de": "aber alle allem allen als also am an auch auf aus bei beim bin bis bist bitte da damit dann das dass dein deine deinem "
    "deinen deiner dem den denn der des dich die dies diese dieser dir doch du durch ein eine einem einen einer eines er erst es "
    "etwas euch euer für gibt guten hab haben hallo hat hatte heute hier hilfe ich ihm ihn ihnen ihr ihre ihren im immer in ins ist "
    "ja jede jeden jetzt kann kannst kein keine komm kommen können konto liebe lieber man mehr mein meine mit morgen muss nach neu "
    "neue neuen neuer nicht nichts noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so spiel spiele spielen tag "
    "tage über um und uns unser wurde wurden unsere unter viel vom von vor war was weil wenn wer werden wie wieder will willkommen wir wird woche "
    "wo zu zum zur zurück zwei",
    "nl": "aan al alle alleen als ben bent bij dag dagen dan dank dat de deze die dit doe doen door dus een eens eerst en er ga gaan "
    "geen goed had hallo heb hebben hebt heeft heel het hier hij hoe hulp ik in is ja jaar je jij jou jouw jullie kan kom komen kun "
    "kunnen kunt laat maar mag me meer met mij mijn moet morgen na naar niet niets nieuw nieuwe nog nu of om onder ons onze ook op "
    "over rekening speel spel spelen speler spellen te tot twee u uit uw vaak van vandaag veel voor vraag waar wanneer was wat we "
    "week weer welkom wel wie wij wil willen wordt worden zal ze zich zie zijn zij zo zonder",
    "da": "af aldrig alle alt altid anden at bare beder bliver både da dag dage de dem den denne der deres det dette dig din dine dit "
    "dog du efter eller en end er et flere for fordi fra få får før gang giver god godt gør ham han har havde hej hele hendes her "
    "hjælp hos hun hvad hvem hver hvis hvor hvordan hvornår i idag igen ikke ind ingen intet ja jeg jeres kan kom komme kommer konto "
    "kun kære lidt log man mange med meget mellem men mere mig min mine mit må ned nej ny nye nu når nogen noget nogle næste og også "
    "om op os over på samme se selv ser sig sin skal skulle som snart spil spille spiller så tak til tilbage ud uden uge under var "
    "vi vil ville velkommen ved vores være vær",
    "es": "a además ahora al algo alguna antes año aquí así aún ayer ayuda bien bienvenida bienvenido buenos cada casi como con cuando "
    "cuenta cómo de del desde después día días dónde dos el ella ellos en entre era eres es esa ese eso esta estaba estamos estas "
    "este esto estos está están fue gracias ha hace hacer han has hasta hay he hola hoy juega juego juegos jugador jugar la las le "
    "les lo los más mañana me mi mis mucho muy nada ni no nos nosotros nuestra nuestro nuestros nueva nuevas nuevo nuevos o otra "
    "otro para pero poco por porque puede puedes que quien qué saber se sea semana ser si sido siempre sin sobre solo son su sus "
    "también te tiene tienes todas todo todos tu tus tú un una unas uno unos usted ver y ya yo",
    "fr": "à ai aide alors après as au aucun aujourd'hui aujourd hui aussi autre aux avant avec avez avoir avons beaucoup bien bienvenue "
    "bonjour bonne car ce cela ces cet cette ceux chaque chez cher chère comme comment compte d dans de demain depuis des deux dit "
    "donc du déjà elle elles en encore entre es est et était être êtes eu faire fait font hier ici il ils j je jeu jeux joue jouer "
    "joueur jour jours l la le les leur leurs lui là m ma mais me même merci mes moi moins mois mon n ne ni non nos notre nous "
    "nouveau nouveaux nouvelle nouvelles on ont ou où par pas pendant peu peut peux plus pour pourquoi pouvez qu quand que quel "
    "quelle qui quoi s sa salut sans se semaine ses si soit son sont sous sur t ta te tes toi ton tous tout toute toutes très tu un "
    "une va vers voici voir vos votre vous y",
}  # fmt: skip
