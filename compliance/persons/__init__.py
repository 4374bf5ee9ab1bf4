"""persons: which accounts are one human's.

Responsible gambling binds people, not accounts. Some keys are certain (a valid national id number, the PAM's own
number of the person, a verified e-mail address with the birth date): accounts that share one are joined at once.
Others are probable (name with birth date and postcode, phone, device, payment instrument): they propose, and while
nobody has decided the stricter of both states holds for both.

    sealing    what we must be able to read again, encrypted; everything else is a keyed hash
    national   forms of national id numbers, checked before anything rests on them
    keys       an account -> its keys
    arriving   what the PAM tells about an identity (`player.identified`), before it gets its answer
    matching   accounts that share keys -> joined or proposed
    joining    the two verbs, join and separate; nothing else moves an account to another person

What is stored under `compliance_lock_*` locks and moved by functions of the database (migrations/sql/persons.sql):
the application's role may not do it by hand. Who may not see restrictions never learns of a link.
"""
