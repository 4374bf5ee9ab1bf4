"""Built-in attributes of deposits and withdrawals."""

from players.models import PlayerMoney
from segments.language.attributes import Criterion, Family, register
from segments.language.catalogue import DAYS_NOTE, PLAY_AND_PAY, WINDOW_NOTE
from segments.language.catalogue_of_games import remembered
from segments.language.catalogue_of_sessions import counted, kth
from segments.language.choices import Choice
from segments.language.instants import Since, Within
from segments.language.numbers import Money, Number
from segments.language.quantities import Column, Total, purse
from segments.language.windows import READING, WINDOW, InWindow

PAY = frozenset({"payments"})
_STANDS = "Approved deposits that were neither rolled back nor charged back."
_DRAWN = "Approved withdrawals that were not rolled back."
_DAYS = "1 day = 24 hours, exact to the second, or calendar days of the brand."
_MINE = "Only accounts held in this currency match."


def _methods() -> dict[str, str]:
    names = PlayerMoney.objects.exclude(method="").order_by("method").values_list("method", flat=True).distinct()
    return dict(remembered("methods", lambda: {name: name for name in names}))


register(
    Since(
        key="days_since_deposit", label="Days since last deposit", family=Family.PAYMENTS, common=True,
        help=f"Newest deposit. {_STANDS}", of=Column("last_deposit_at"), verb="deposited",
        example="Deposited on 1 March at 20:00; on 8 March at 20:00 it is exactly 7 days.",
        words="inactive churn recency payment top-up ftd", phrase="who have not deposited for at least {value}",
        note=f"{DAYS_NOTE} Players who have never deposited match “has never happened” only.",
        criterion=Criterion.INACTIVITY, feeds=PAY,
    ),
    Since(
        key="days_since_first_deposit", label="Days since first deposit", family=Family.PAYMENTS,
        help="First approved deposit.", of=Column("first_deposit_at"), verb="made a first deposit",
        example="First deposit on Monday at 12:00; a week later at 12:00 it is 7 days.", words="ftd conversion new",
        phrase="who made their first deposit at least {value} ago", note=DAYS_NOTE,
        criterion=Criterion.LIFECYCLE, feeds=PAY,
    ),
    Number(
        key="deposits", label="Deposits, all time", family=Family.PAYMENTS, common=True, unit="deposits",
        help=_STANDS, of=Column("deposits"), words="ftd count payments top-ups depositor lifetime",
        example="Five approved, one of them charged back: 4 deposits. “Exactly 0” is not the same as an amount of 0.",
        phrase="who have made {cmp} {value}", criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
    ),
    Money(
        key="deposit_sum", label="Amount deposited, all time", family=Family.PAYMENTS, common=True,
        help=_STANDS, of=Column("deposit_sum"), example="Deposits of 50, 100 and 50: 200.",
        words="payments cash-in lifetime value ltv total", phrase="who have deposited {cmp} {value}",
        criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
    ),
    *(
        Number(
            key=f"deposits_{n}d", label=f"Deposits, last {n} days", family=Family.PAYMENTS, unit="deposits",
            help=_STANDS, of=Column("deposits_30d") if n == 30 else purse(f"deposits_{n}d"), note=WINDOW_NOTE,
            example=f"Deposited twice today and once {n - 1} days ago: 3 deposits.", words="frequency count payments",
            phrase=f"who made {{cmp}} {{value}} in the last {n} days", criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
            common=n == 30,
        )
        for n in (7, 30, 90)
    ),
    *(
        Money(
            key=f"deposit_sum_{n}d", label=f"Amount deposited, last {n} days", family=Family.PAYMENTS, feeds=PAY,
            help=_STANDS, of=Column("deposit_sum_30d") if n == 30 else purse(f"deposit_sum_{n}d"),
            example=f"50 today and 150 {n - 1} days ago: 200.", words="payments cash-in total volume",
            note=f"{WINDOW_NOTE} {_MINE}",
            phrase=f"who deposited {{cmp}} {{value}} in the last {n} days", criterion=Criterion.DEPOSIT_LEVEL,
        )
        for n in (7, 30, 90)
    ),
    Money(
        key="deposit_sum_window", label="Amount deposited in a window", family=Family.PAYMENTS, feeds=PAY,
        help=_STANDS, of=InWindow(("deposit_sum",)), params=(WINDOW,), note=f"{READING} {_MINE}",
        example="1 000 in the last 365 days: 1 000.", words="payments cash-in total volume year",
        phrase="who deposited {cmp} {value} in the {window}", criterion=Criterion.DEPOSIT_LEVEL,
    ),
    Number(
        key="deposits_window", label="Deposits in a window", family=Family.PAYMENTS, feeds=PAY, unit="deposits",
        help=_STANDS, of=InWindow(("deposits",)), params=(WINDOW,), note=READING,
        example="Twelve deposits in the last 365 days: 12 deposits.", words="frequency count payments year",
        phrase="who made {cmp} {value} in the {window}", criterion=Criterion.DEPOSIT_LEVEL,
    ),
    Money(
        key="deposit_average", label="Average deposit", family=Family.PAYMENTS,
        help="Amount deposited divided by the number of deposits, all time.", of=Column("deposit_sum"),
        example="Deposits of 20 and 60: 40.", words="mean typical size ticket",
        per=Column("deposits"), phrase="whose average deposit is {cmp} {value}",
        note=f"{_MINE} Players without a deposit do not.", criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
    ),
    Money(
        key="deposit_average_window", label="Average deposit in a window", family=Family.PAYMENTS, params=(WINDOW,),
        help="Amount deposited in the window you choose divided by the number of deposits in it.",
        example="Deposits of 20 and 60 in the last 30 days: 40.", words="mean typical size ticket",
        of=InWindow(("deposit_sum",)), per=InWindow(("deposits",)),
        phrase="whose average deposit of the {window} is {cmp} {value}",
        note=f"{READING} {_MINE} Players without a deposit in the window do not.",
        criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
    ),
    Money(
        key="largest_deposit", label="Largest deposit", family=Family.PAYMENTS, help=f"All time. {_STANDS}",
        example="Deposits of 20, 500 and 60: 500.", words="biggest maximum highest",
        of=purse("largest_deposit"), phrase="whose largest deposit is {cmp} {value}",
        criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
    ),
    Number(
        key="deposit_gap", label="Usual time between deposits", family=Family.PAYMENTS, unit="days", most=3650,
        help="Time between consecutive deposits, on average, all time.", of=purse("deposit_gap_seconds"),
        example="Deposits on 1, 8 and 15 March: 7 days.", words="frequency interval cadence how often",
        per=purse("deposit_gaps"), up=86_400, phrase="who deposit every {cmp} {value} on average",
        note="1 day = 24 hours. Players with fewer than 2 deposits do not match.", feeds=PAY,
    ),
    Within(
        key="deposits_within", label="Deposits within some days", family=Family.PAYMENTS,
        help="Whether the player made at least so many deposits within the days you enter.",
        example="Third newest deposit on Monday at 18:00: “at least 3 times within 7 days” ends next Monday at 18:00.",
        words="frequency count payments often",
        params=(counted(2, 3, 5, 10),), of=kth(purse, "deposit", 2, 3, 5, 10), what="deposited",
        note=_DAYS, criterion=Criterion.DEPOSIT_LEVEL, feeds=PAY,
    ),
    Choice(
        key="payment_method", label="Usual payment method", family=Family.PAYMENTS, of=purse("method"), is_open=True,
        help="Most often used in the last 10 deposits; of equals the first by the alphabet.", options=_methods,
        example="8 of the last 10 deposits by card: card.", words="card wallet bank trustly paypal swish",
        longest=30, blank="unknown", phrase="whose usual payment method {verb} {value}", feeds=PAY,
    ),
    Number(
        key="deposits_in_play", label="Deposits during play, of the last 10", family=Family.PAYMENTS, most=10,
        unit="deposits", help="Deposits made while a session was running, of the ten newest.",
        example="Paid in at 20:10 during a session of 20:00 to 21:00: counts.", words="chasing harm marker top-up",
        of=purse("last10_in_session"), phrase="who made {cmp} {value} of their last 10 during play",
        criterion=Criterion.RG_NEED, feeds=PLAY_AND_PAY, sensitivity="rg",
    ),
    Number(
        key="deposits_after_loss", label="Deposits soon after a loss, of the last 10", family=Family.PAYMENTS, most=10,
        unit="deposits", of=purse("last10_after_loss"), criterion=Criterion.RG_NEED, feeds=PLAY_AND_PAY,
        help="Deposits made within 24 hours after the end of a session that lost real money, of the ten newest.",
        example="Lost 80 until 21:00, paid in at 21:05: counts.", words="chasing losses harm marker", sensitivity="rg",
        phrase="who made {cmp} {value} of their last 10 within 24 hours of a loss",
    ),
    Number(
        key="deposits_with_bonus", label="Share of deposits with a bonus, of the last 10", family=Family.BONUSES,
        unit="%", most=100, down=100, of=purse("last10_with_bonus"), per=purse("last10_deposits"), per_least=3,
        help="Of the ten newest deposits those told with a bonus code, or followed by a bonus that was taken within 24 "
        "hours, as a share.",
        example="3 deposits, each with its reload: 100 %: never deposits without a bonus.",
        words="bonus only dependent hunter reload match abuse", note="Players with fewer than 3 deposits do not match.",
        phrase="who made {cmp} {value} of their last 10 deposits with a bonus", feeds=frozenset({"payments", "bonuses"}),
    ),
    Number(
        key="declined_deposits", label="Declined deposits", family=Family.PAYMENTS, unit="declined deposits",
        help="Deposits the payment provider or bank declined and never approved afterwards, all time.",
        example="Declined twice, the second one approved an hour later: 1.", words="failed rejected payment bank",
        of=Column("declined_deposits"), phrase="who have had {cmp} {value}", feeds=PAY,
    ),
    Since(
        key="days_since_declined", label="Days since a declined deposit", family=Family.PAYMENTS, feeds=PAY,
        help="Newest deposit that was declined and never approved afterwards. For service messages: something went "
        "wrong, and how to mend it.",
        example="Declined on Monday at 23:00: with calendar days it is exactly 1 day ago all Tuesday.",
        words="failed rejected payment yesterday service", of=purse("declined1_at"), verb="had a deposit declined",
        phrase="whose last declined deposit was at least {value} ago", note=DAYS_NOTE,
        criterion=Criterion.DEPOSIT_LEVEL,
    ),
    Within(
        key="declined_within", label="Declined deposits within some days", family=Family.PAYMENTS, feeds=PAY,
        help="Whether so many deposits were declined and never approved afterwards, within the days you enter.",
        example="Three declined since yesterday: “at least 3 times within 2 days”.", words="failed harm marker rejected",
        params=(counted(1, 3, 5),), of=kth(purse, "declined", 1, 3, 5), what="had a deposit declined",
        note=_DAYS, criterion=Criterion.RG_NEED, sensitivity="rg",
    ),
    Within(
        key="cancelled_within", label="Withdrawals taken back within some days", family=Family.PAYMENTS, feeds=PAY,
        help="Whether the player asked for so many withdrawals and cancelled them, within the days you enter.",
        example="Asked for 200 yesterday, cancelled today: once.", words="reversed cashout harm marker cancelled",
        params=(counted(1, 2, 3),), of=kth(purse, "cancelled", 1, 2, 3), what="took a withdrawal back",
        note=_DAYS, criterion=Criterion.RG_NEED, sensitivity="rg",
    ),
    Number(
        key="withdrawals", label="Withdrawals, all time", family=Family.PAYMENTS, unit="withdrawals",
        help=_DRAWN, of=Column("withdrawals"), phrase="who have made {cmp} {value}", feeds=PAY,
        example="Asked for three, one refused: 2 withdrawals.", words="cashout payout count",
    ),
    Money(
        key="withdrawal_sum", label="Amount withdrawn, all time", family=Family.PAYMENTS, feeds=PAY,
        help=_DRAWN, of=Column("withdrawal_sum"), phrase="who have withdrawn {cmp} {value}",
        example="Withdrawals of 50 and 300: 350.", words="cashout payout total", note=_MINE,
    ),
    Number(
        key="withdrawals_30d", label="Withdrawals, last 30 days", family=Family.PAYMENTS, unit="withdrawals",
        help=_DRAWN, of=purse("withdrawals_30d"), note=WINDOW_NOTE, feeds=PAY,
        example="Two approved this week: 2 withdrawals.", words="cashout payout count",
        phrase="who made {cmp} {value} in the last 30 days",
    ),
    Money(
        key="withdrawal_sum_30d", label="Amount withdrawn, last 30 days", family=Family.PAYMENTS, feeds=PAY,
        help=_DRAWN, of=purse("withdrawal_sum_30d"), words="cashout payout total", note=f"{WINDOW_NOTE} {_MINE}",
        example="300 withdrawn this week: 300.", phrase="who withdrew {cmp} {value} in the last 30 days",
    ),
    Money(
        key="withdrawal_average", label="Average withdrawal", family=Family.PAYMENTS, feeds=PAY,
        help="Amount withdrawn divided by the number of withdrawals, all time.", of=Column("withdrawal_sum"),
        per=Column("withdrawals"), example="Withdrawals of 50 and 150: 100.", words="cashout payout mean size",
        phrase="whose average withdrawal is {cmp} {value}",
        note=f"{_MINE} Players without a withdrawal do not.",
    ),
    Since(
        key="days_since_withdrawal", label="Days since last withdrawal", family=Family.PAYMENTS,
        help="Newest approved withdrawal.", of=purse("last_withdrawal_at"), verb="withdrew",
        example="Paid out on 1 March at 10:00; on 4 March at 10:00 it is 3 days.", words="cashout payout recency",
        phrase="who have not withdrawn for at least {value}", note=DAYS_NOTE, feeds=PAY,
    ),
    Money(
        key="net_deposits", label="Net deposits, all time", family=Family.PAYMENTS, least=-(10**12), feeds=PAY,
        help="Amount deposited less amount withdrawn. Negative: more was paid out than in.",
        of=Total(("deposit_sum",), ("withdrawal_sum",)), phrase="whose net deposits are {cmp} {value}",
        example="Deposited 500, withdrew 650: −150.", words="cash-in minus cash-out player value", note=_MINE,
        criterion=Criterion.LOSS,
    ),
    Money(
        key="net_deposits_window", label="Net deposits in a window", family=Family.PAYMENTS, least=-(10**12),
        help="Amount deposited less amount withdrawn in the window you choose.", feeds=PAY, params=(WINDOW,),
        of=InWindow(("deposit_sum",), ("withdrawal_sum",)), example="100 in and 40 out in the last 30 days: 60.",
        words="cash-in minus cash-out player value", phrase="whose net deposits of the {window} are {cmp} {value}",
        note=f"{READING} {_MINE}", criterion=Criterion.LOSS,
    ),
    Number(
        key="chargebacks", label="Chargebacks", family=Family.PAYMENTS, unit="chargebacks", of=purse("chargebacks"),
        help="Deposits the bank took back, all time.", phrase="who have had {cmp} {value}", feeds=PAY,
        example="Two deposits disputed at the bank: 2 chargebacks.", words="fraud dispute reversed",
    ),
)  # fmt: skip
