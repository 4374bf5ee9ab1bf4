"""The fault matrix of the gate (reliability §4, rows F17 to F25): whatever breaks, nothing leaves that should not.

Each row while nothing else happens, in the middle of a campaign, and in the middle of an import:

F17  the feed of restrictions stops, heartbeats go on      test_what_is_unknown
F18  a number is missing in it                             test_what_is_unknown
F19  an exclusion at every step of a message's way         test_what_comes_in_between
F20  exclusion and lift in the wrong order, twice, late    test_what_is_unknown
F21  Standing missing, locked; the database's function     test_what_is_unknown, test_what_comes_in_between
     raises; a rule crashes; an event, a rate, a licence is
     unreadable or unknown
F22  two accounts turn out to be one human's               test_what_comes_in_between (and `make hammer`)
F23  the code is rolled back, the database is not          test_what_is_unknown
F24  a file of exclusions against a running campaign       test_a_file_of_exclusions (`-m slow`: up to 50 000)
F25  a deposit that arrives late                           test_what_is_unknown

All of them, and a lost database, while a file comes in: test_during_an_import. F24 with 50 000 beside an import:
test_a_file_of_exclusions. The importing process is killed while its people are excluded: test_an_importer_that_is_killed
(`-m slow`: sixty times, at any moment). What a 2xx about a restriction promises: test_what_was_acknowledged.

Each row asserts its own code. That every single input of a decision counts: tests/rules/test_each_input_of_the_dossier_counts.
"""
