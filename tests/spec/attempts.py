"""What the application's own role could try, in SQL, to get around the gate. Each is a test."""

# name -> (statements, sqlstates that count as refused). {a}: Anna's person, {b}: Bo's, {ok}: an allow for Anna.
ATTEMPTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "an invented decision": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, 999999, 'email', 'promotional')", ("RG001",)),
    "no decision": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, NULL, 'email', 'promotional')", ("RG001",)),
    "somebody else's decision": ("INSERT INTO {T} {cols} VALUES ({b}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "another channel": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, {ok}, 'sms', 'promotional')", ("RG002",)),
    "another purpose": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, {ok}, 'email', 'transactional')", ("RG002",)),
    "another account": ("INSERT INTO {T} {cols} VALUES ({a}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "a denied decision": ("INSERT INTO {T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a used decision": ("{insert_ok}; {insert_ok}", ("23505",)),
    "a used decision after a savepoint": (
        "{insert_ok}; SAVEPOINT s; DELETE FROM {T}; ROLLBACK TO s; {insert_ok}", ("23505", "42501")),
    "on conflict do nothing": ("{insert_invented} ON CONFLICT DO NOTHING", ("RG001",)),
    "on conflict do update": (
        "{insert_ok}; {insert_ok} ON CONFLICT (decision_id) DO UPDATE SET person_id = {b}", ("RG002", "42501")),
    "merge": ("MERGE INTO {T} USING (SELECT 1 AS x) s ON false WHEN NOT MATCHED THEN INSERT {cols}"
              " VALUES ({b}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "insert from a select": ("INSERT INTO {T} {cols} SELECT {b}, {bp}, {ok}, 'email', 'promotional'", ("RG002",)),
    "moving a row to another person": ("{insert_ok}; UPDATE {T} SET person_id = {b}, player_id = {bp}", ("RG002",)),
    "moving a row to another decision": ("{insert_ok}; UPDATE {T} SET decision_id = {no}", ("RG002",)),
    "moving a row to another channel": ("{insert_ok}; UPDATE {T} SET channel = 'sms'", ("RG002",)),
    "through a view": ("CREATE TEMP VIEW v AS SELECT * FROM {T}; INSERT INTO v {cols}"
                       " VALUES ({b}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "a temporary table in front of the decisions": (
        "CREATE TEMP TABLE compliance_decision AS SELECT * FROM public.compliance_decision;"
        " UPDATE compliance_decision SET outcome = 'allow', person_id = {b}, player_id = {bp};"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a temporary table in front of the standings": (
        "CREATE TEMP TABLE compliance_standing AS SELECT * FROM public.compliance_standing;"
        " SET LOCAL search_path = pg_temp, public; UPDATE compliance_standing SET verdict = 'open';"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a function of one's own in front of the clock": (
        "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';"
        " SET LOCAL search_path = pg_temp, public, pg_catalog;"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002", "42501")),
    "forging a decision": ("INSERT INTO compliance_decision (person_id, player_id, purpose, channel, outcome, code,"
                           " reasons, reference, ruleset, inputs, generation, decided_at) VALUES ({b}, {bp},"
                           " 'promotional', 'email', 'allow', 'ALLOW', '{{}}', '', '', '{{}}', 1, now())", ("42501",)),
    "rewriting a decision": ("UPDATE compliance_decision SET outcome = 'allow' WHERE id = {no}", ("42501",)),
    "making a decision young": ("UPDATE compliance_decision SET decided_at = now() WHERE id = {ok}", ("42501",)),
    "deleting a decision": ("DELETE FROM compliance_decision", ("42501",)),
    "opening a standing": ("UPDATE compliance_standing SET promotions_ok = true, verdict = 'open'", ("42501",)),
    "deleting a standing": ("DELETE FROM compliance_standing", ("42501",)),
    "inventing a standing": ("INSERT INTO compliance_standing (person_id, generation, verdict, promotions_ok,"
                             " bonuses_ok, updated_at) VALUES (0, 1, 'open', true, true, now())", ("42501",)),
    "locking a standing for good": ("SELECT * FROM compliance_standing FOR UPDATE", ("42501",)),
    "deleting the exclusion": ("DELETE FROM compliance_measure", ("42501",)),
    "ending the exclusion by hand": ("UPDATE compliance_measure SET status = 'ended', ended_at = now() - interval"
                                     " '9 days' WHERE person_id = {b}", ("RG005",)),
    "calling the exclusion something else": ("UPDATE compliance_measure SET kind = 'loss_limit' WHERE person_id = {b}",
                                             ("RG005",)),
    "making the exclusion a time-out": ("UPDATE compliance_measure SET kind = 'time_out', ends_at = now() - interval"
                                       " '9 days' WHERE person_id = {b}", ("RG005",)),
    "shortening the exclusion": ("UPDATE compliance_measure SET ends_at = now() WHERE person_id = {b}", ("RG005",)),
    "an end for what has not ended": ("UPDATE compliance_measure SET ended_at = now() WHERE person_id = {b}",
                                      ("RG005",)),
    "turning the sequence back": ("UPDATE compliance_measure SET sequence = 0 WHERE person_id = {b}", ("RG005",)),
    "rewriting when it was received": ("UPDATE compliance_measure SET received_at = now()", ("42501",)),
    "giving the exclusion another name": ("UPDATE compliance_measure SET ref = 'x'", ("42501",)),
    "giving the exclusion to another account": ("UPDATE compliance_measure SET player_id = {ap}", ("42501",)),
    "an upsert over the exclusion": (
        "INSERT INTO compliance_measure SELECT * FROM compliance_measure WHERE person_id = {b}"
        " ON CONFLICT (id) DO UPDATE SET status = 'ended', ended_at = now() - interval '9 days'", ("RG005",)),
    "giving the exclusion to another person": ("UPDATE compliance_measure SET person_id = {a}", ("42501",)),
    "rewriting a consent": ("UPDATE compliance_consent SET granted = true", ("42501",)),
    "deleting a suppression": ("DELETE FROM compliance_suppression", ("42501",)),
    "rewriting the audit trail": ("UPDATE compliance_auditentry SET reason = 'x'", ("42501",)),
    "deleting from the audit trail": ("DELETE FROM compliance_auditentry", ("42501",)),
    "disabling the trigger": ("ALTER TABLE {T} DISABLE TRIGGER gate", ("42501",)),
    "dropping the trigger": ("DROP TRIGGER gate ON {T}", ("42501",)),
    "replacing the function": ("CREATE OR REPLACE FUNCTION public.compliance_enforce() RETURNS trigger LANGUAGE plpgsql"
                               " AS 'BEGIN RETURN NEW;END'", ("42501",)),
    "a trigger of one's own": ("CREATE TRIGGER later BEFORE INSERT ON {T} FOR EACH ROW"
                               " EXECUTE FUNCTION suppress_redundant_updates_trigger()", ("42501",)),
    "a rule instead": ("CREATE RULE r AS ON INSERT TO {T} DO INSTEAD NOTHING", ("42501",)),
    "a child table": ("CREATE TABLE public.child () INHERITS ({T})", ("42501",)),
    "replica role": ("SET LOCAL session_replication_role = replica; {insert_invented}", ("42501",)),
    "becoming the owner": ("SET LOCAL ROLE {owner}", ("42501",)),
    "a domain block in the row's text": ("{insert_ok}; TRUNCATE {T}", ("42501",)),
    "a request for everybody at once": (
        "SELECT compliance_decide((SELECT jsonb_agg(jsonb_build_object('player_id', g)) FROM generate_series(1, 501) g))",
        ("RG006",)),
    "an operator of one's own": (
        "CREATE FUNCTION pg_temp.same(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';"
        " CREATE OPERATOR pg_temp.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_temp.same);"
        " SET LOCAL search_path = pg_temp, public, pg_catalog;"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a type of one's own": (
        "CREATE DOMAIN pg_temp.timestamptz AS text; SET LOCAL search_path = pg_temp, public, pg_catalog;"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a function of one's own in front of the clock, for everybody": (
        "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'", ("42501",)),
    "a prepared statement": (
        "PREPARE p AS INSERT INTO {T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional'); EXECUTE p", ("RG002",)),
    "a block of code": (
        "DO $do$ BEGIN INSERT INTO {T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional');END $do$", ("RG002",)),
    "a common table expression": (
        "WITH w AS (INSERT INTO {T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional') RETURNING 1) SELECT * FROM w",
        ("RG002",)),
    "an allow for one among many rows": (
        "INSERT INTO {T} {cols} VALUES ({a}, {ap}, {ok}, 'email', 'promotional'), ({b}, {bp}, {no}, 'email', 'promotional')",
        ("RG002",)),
    "a condition that is put off": ("SET CONSTRAINTS ALL DEFERRED; {insert_invented}", ("RG001",)),
    "calling the guard instead of passing it": ("SELECT compliance_enforce()", ("0A000",)),
    "asking it to run as the caller": ("ALTER FUNCTION compliance_enforce() SECURITY INVOKER", ("42501",)),
    "telling it to look names up elsewhere": ("ALTER FUNCTION compliance_decide(jsonb) SET search_path = pg_temp",
                                              ("42501",)),
    "dropping the function": ("DROP FUNCTION compliance_enforce() CASCADE", ("42501",)),
    "granting oneself the right": (
        "GRANT UPDATE ON compliance_standing TO CURRENT_USER; UPDATE compliance_standing SET verdict = 'open'", ("42501",)),
    "owning the table": ("ALTER TABLE {T} OWNER TO CURRENT_USER", ("42501",)),
    "owning the decisions": ("ALTER TABLE compliance_decision OWNER TO CURRENT_USER", ("42501",)),
    "inheriting the table": ("CREATE TEMP TABLE mine (LIKE {T}); ALTER TABLE mine INHERIT {T}", ("42501", "42P16")),
    "somebody else's session": ("SET LOCAL SESSION AUTHORIZATION {owner}", ("42501",)),
    "switching triggers off for the session": ("SET LOCAL session_replication_role = local; SET LOCAL row_security = off;"
                                               " {insert_invented}", ("42501", "RG001")),
    "an event trigger": ("CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION compliance_enforce()", ("42501",)),
    "turning the sequence of decisions back": ("SELECT setval('compliance_decision_id_seq', 1)", ("42501",)),
    "starting the sequence of decisions anew": ("ALTER SEQUENCE compliance_decision_id_seq RESTART", ("42501",)),
    "emptying the decisions": ("TRUNCATE compliance_decision CASCADE", ("42501",)),
    "emptying the restrictions": ("TRUNCATE compliance_measure CASCADE", ("42501",)),
    "emptying the audit trail": ("TRUNCATE compliance_auditentry", ("42501",)),
    "copying a standing in": ("COPY compliance_standing FROM '/dev/null'", ("42501",)),
    "copying a program in": ("COPY {T} FROM PROGRAM 'true'", ("42501",)),
    "locking everybody out of the standings": ("LOCK TABLE compliance_standing IN ACCESS EXCLUSIVE MODE", ("42501",)),
    "merging a standing in": ("MERGE INTO compliance_standing s USING (SELECT {b} AS p) x ON s.person_id = x.p"
                              " WHEN MATCHED THEN UPDATE SET verdict = 'open'", ("42501",)),
    "a standing through a view": ("CREATE TEMP VIEW v AS SELECT * FROM compliance_standing; UPDATE v SET verdict = 'open'",
                                  ("42501",)),
    "moving an account to a person without a past": (
        "INSERT INTO players_person (created_at) VALUES (now()); UPDATE players_player SET person_id ="
        " (SELECT max(id) FROM players_person) WHERE id = {bp}", ("RG007",)),
    "taking an account away to put it back without its past": ("DELETE FROM players_player WHERE id = {bp}", ("42501",)),
    "taking a person away": ("DELETE FROM players_person WHERE id = {b}", ("42501",)),
    "exchanging the numbers of two accounts": ("UPDATE players_player SET id = 0 WHERE id = {bp}", ("RG007",)),
    "exchanging the names of two accounts": ("UPDATE players_player SET external_id = 'x' WHERE id = {bp}", ("RG007",)),
    "exchanging the numbers of two people": ("UPDATE players_person SET id = 0 WHERE id = {b}", ("42501",)),
    "moving an account to another brand": (
        "INSERT INTO players_brand SELECT (jsonb_populate_record(x, '{{\"id\": 0, \"slug\": \"x\"}}')).* FROM players_brand x"
        " LIMIT 1; UPDATE players_player SET brand_id = 0 WHERE id = {bp}", ("RG007",)),
    "a licence of another country": ("UPDATE players_licence SET jurisdiction = 'MT'", ("RG007",)),
    "a brand under another licence": (
        "INSERT INTO players_licence (jurisdiction, licensee, number) VALUES ('MT', 'x', 'x'); UPDATE players_brand"
        " SET licence_id = (SELECT max(id) FROM players_licence)", ("RG007",)),
    "a brand taken away": ("DELETE FROM players_brand", ("RG007",)),
    "a licence taken away": ("DELETE FROM players_licence", ("RG007",)),
    "exchanging the numbers of two brands": ("UPDATE players_brand SET id = 0", ("RG007",)),
    "exchanging the numbers of two licences": ("UPDATE players_licence SET id = 0", ("RG007",)),
    "parting the licences of one company": (
        "INSERT INTO players_licence (jurisdiction, licensee, number) SELECT jurisdiction, licensee, 'x' FROM"
        " players_licence LIMIT 1; UPDATE players_licence SET licensee = 'y' WHERE number = 'x'", ("RG007",)),
    "moving it by the database's own function": ("SELECT compliance_rehome(ARRAY[{bp}]::bigint[], {a}, now())", ("42501",)),
    "parting people nobody signed for": (
        "SELECT compliance_part({bp}, ARRAY[{ap}]::bigint[], 1, 'x', now())", ("RG005",)),
    "closing an open question by hand": ("UPDATE compliance_personlink SET status = 'apart'", ("42501",)),
    "lowering a level nobody reviewed": ("SELECT compliance_lower_level(1)", ("RG005",)),
    "a level that does not exist": (
        """SELECT compliance_read_levels('[{{"person_id": 1, "level": "fine"}}]'::jsonb)""", ("RG006",)),
    "writing into the sealed past": ("UPDATE compliance_block SET hash = ''", ("42501",)),
    "taking a register's answer back": ("DELETE FROM compliance_registercheck", ("42501",)),
    "forging what the source said": ("UPDATE players_fact SET kind = 'rg.lifted'", ("42501",)),
    "hearing a feed in time to come": ("UPDATE players_feed SET heartbeat_at = now() + interval '1 year'", ("RG005",)),
    "an event of tomorrow": ("UPDATE players_feed SET last_event_at = now() + interval '2 minutes'", ("RG005",)),
    "a fresh feed nobody has heard of": (
        "UPDATE players_feed SET last_event_at = NULL, heartbeat_at = NULL, freshness = 'fresh'", ("RG005",)),
    "a late feed nobody has heard of": (
        "UPDATE players_feed SET last_event_at = NULL, heartbeat_at = NULL, freshness = 'late'", ("RG005",)),
    "a feed of one's own, heard of for years": (
        "INSERT INTO players_feed SELECT (jsonb_populate_record(f, jsonb_build_object('id', 0, 'name', 'x',"
        " 'heartbeat_at', now() + interval '1 year'))).* FROM players_feed f LIMIT 1", ("RG005",)),
    "confirming an identity": (
        "UPDATE players_player SET kyc = 'none' WHERE id = {ap}; UPDATE players_player SET kyc = 'verified' WHERE id = {ap};"
        " SET CONSTRAINTS ALL IMMEDIATE", ("RG005",)),
    "opening a closed account": (
        "UPDATE players_player SET status = 'closed' WHERE id = {ap}; UPDATE players_player SET status = 'active'"
        " WHERE id = {ap}; SET CONSTRAINTS ALL IMMEDIATE", ("RG005",)),
    "taking an address away": ("DELETE FROM players_contact WHERE player_id = {bp}; SET CONSTRAINTS ALL IMMEDIATE",
                               ("RG005",)),
    "an address that never bounced": (
        "UPDATE players_contact SET bounced_at = now() WHERE player_id = {ap}; UPDATE players_contact SET bounced_at = NULL"
        " WHERE player_id = {ap}; SET CONSTRAINTS ALL IMMEDIATE", ("RG005",)),
    "taking an address away to put it back as a new one": (
        "UPDATE players_contact SET bounced_at = now() WHERE player_id = {ap}; CREATE TEMP TABLE was AS SELECT * FROM"
        " players_contact WHERE player_id = {ap}; DELETE FROM players_contact WHERE player_id = {ap}; INSERT INTO"
        " players_contact (player_id, channel, address, normal) SELECT player_id, channel, address, normal FROM was;"
        " SET CONSTRAINTS ALL IMMEDIATE", ("RG005",)),
    "giving an address to another account": (
        "DELETE FROM players_contact WHERE player_id = {ap}; UPDATE players_contact SET player_id = {ap} WHERE player_id = {bp};"
        " SET CONSTRAINTS ALL IMMEDIATE", ("RG005",)),
    "making everybody a superuser": ("{olivia}; UPDATE compliance_operator SET is_superuser = true", ("RG005",)),
    "letting everybody into the engine room": ("{olivia}; UPDATE compliance_operator SET is_staff = true", ("RG005",)),
    "a superuser of one's own": (
        "{olivia}; INSERT INTO compliance_operator SELECT (jsonb_populate_record(o, jsonb_build_object('id', 0, 'email', 'x',"
        " 'is_superuser', true))).* FROM compliance_operator o LIMIT 1", ("RG005",)),
    "an upsert over an operator": (
        "{olivia}; INSERT INTO compliance_operator SELECT * FROM compliance_operator ON CONFLICT (id) DO UPDATE SET"
        " is_superuser = true", ("RG005",)),
    "taking an operator away": ("DELETE FROM compliance_operator", ("42501",)),
    "exchanging a seat": ("UPDATE compliance_seat SET role = 'admin'", ("42501",)),
    "a seat of one's own": (
        "{olivia}; INSERT INTO compliance_seat (operator_id, role) SELECT id, 'admin' FROM compliance_operator;"
        " INSERT INTO compliance_seat (operator_id, role) SELECT id, 'finance' FROM compliance_operator", ("RG005",)),
    "an admin taken away so that there is none": (
        "{olivia}; INSERT INTO compliance_seat (operator_id, role) SELECT id, 'admin' FROM compliance_operator;"
        " DELETE FROM compliance_seat", ("RG005",)),
    "making an identity somebody else's": ("UPDATE compliance_identitykey SET digest = ''", ("42501",)),
    "closing a case by hand": (
        "{case}; UPDATE compliance_case SET closed_at = now(), closed_by_id = (SELECT max(id) FROM compliance_operator),"
        " outcome = 'continues'", ("RG005",)),
    "closing a case that nobody closes": ("{case}; UPDATE compliance_case SET closed_at = now()", ("RG005",)),
    "having looked at a case": ("{case}; UPDATE compliance_case SET acted_at = now()", ("RG005",)),
    "having more time for a case": ("{case}; UPDATE compliance_case SET due_at = due_at + interval '1 day'", ("RG005",)),
    "unsaying a stop": ("DELETE FROM compliance_brandstop", ("42501",)),
}  # fmt: skip
