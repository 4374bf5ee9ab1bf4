"""The gate's own SQL, each line of it spoilt in turn, and the short check that notices.

A mutant is a small change of the text of a function as it lies in the database; nothing is written to a file.
"""

from typing import NamedTuple

DECIDE, ENFORCE, STILL = "compliance_decide", "compliance_enforce", "compliance_still_allowed"
DERIVE, LOCK = "compliance_derive_standing", "compliance_lock_persons"


class Mutant(NamedTuple):
    function: str
    text: str
    becomes: str
    killed_by: str  # a check of tests.hammer.checks_of_…


MUTANTS = [
    Mutant(DECIDE, "requests) > 500", "requests) > 500000", "five_hundred_at_most"),
    Mutant(DECIDE, "WHEN s.person_id IS NULL OR s.person_id = ANY (held) THEN 'DENY_STATE_UNAVAILABLE'", "",
           "whoever_has_no_standing_is_unknown"),
    Mutant(DECIDE, "OR a.channel = 'bonus' AND a.purpose <> 'promotional'", "", "a_grant_is_no_service_message"),
    Mutant(DECIDE, "WHEN EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = p.brand_id AND b.lifted_at IS NULL)"
                   "\n          THEN 'DENY_BRAND_STOPPED'", "", "a_stopped_brand_decides_no"),
    Mutant(DECIDE, "WHEN h.verdict = 'excluded' THEN 'DENY_SELF_EXCLUDED'", "", "an_exclusion_has_its_name"),
    Mutant(DECIDE, "WHEN s.partly IS NOT NULL AND compliance_product_closed(s.partly, a.products) THEN 'DENY_SELF_EXCLUDED'",
           "", "an_exclusion_from_one_product_closes_that"),
    Mutant(DECIDE, "ELSE compliance_verdict_at(s.verdict, s.partly, p.brand_id) END", "ELSE s.verdict END",
           "an_exclusion_from_one_brand_closes_that"),
    Mutant(DECIDE, "THEN NOT s.bonuses_ok", "THEN false", "a_bonus_block_stops_bonuses"),
    Mutant(DECIDE, "ELSE NOT s.promotions_ok", "ELSE false", "a_marketing_block_stops_messages"),
    Mutant(DECIDE, "WHEN s.valid_until <= clock_timestamp() THEN 'DENY_STATE_UNAVAILABLE'", "",
           "a_standing_that_ran_out_decides_no"),
    Mutant(DECIDE, "WHEN s.generation IS DISTINCT FROM a.generation THEN 'DENY_STATE_CHANGED'", "",
           "what_was_judged_under_another_generation_is_a_no"),
    Mutant(DECIDE, "ORDER BY c.occurred_at DESC, c.granted,", "ORDER BY c.occurred_at DESC, c.granted DESC,",
           "of_two_words_of_one_instant_the_no_counts"),
    Mutant(DECIDE, "ORDER BY c.occurred_at DESC", "ORDER BY c.occurred_at ASC", "the_newest_word_counts"),
    Mutant(DECIDE, "a.channel IN ('email', 'sms', 'phone'", "a.channel IN ('email', 'phone'", "no_sms_without_a_yes"),
    Mutant(DECIDE, "bool_and(COALESCE((", "bool_or(COALESCE((", "two_products_need_two_yeses"),
    Mutant(DECIDE, "ORDER BY s.person_id FOR SHARE;\n", "ORDER BY s.person_id;\n", "a_decision_holds_the_standing"),
    Mutant(DECIDE, "PERFORM pg_advisory_xact_lock_shared(7002, k);", "", "a_decision_holds_the_brand"),
    Mutant(ENFORCE, "RAISE EXCEPTION 'no decision' USING ERRCODE = 'RG001';", "RETURN NEW;", "nothing_without_a_decision"),
    Mutant(ENFORCE, "d.outcome <> 'allow' OR ", "", "a_no_is_no_allow"),
    Mutant(ENFORCE, "d.person_id IS DISTINCT FROM NEW.person_id OR ", "", "an_allow_is_for_its_person"),
    Mutant(ENFORCE, "d.player_id IS DISTINCT FROM NEW.player_id", "false", "an_allow_is_for_its_account"),
    Mutant(ENFORCE, "d.channel IS DISTINCT FROM NEW.channel OR ", "", "an_allow_is_for_its_channel"),
    Mutant(ENFORCE, "d.purpose IS DISTINCT FROM NEW.purpose", "false", "an_allow_is_for_its_purpose"),
    Mutant(ENFORCE, "TG_TABLE_NAME = 'bonuses_grant' AND NEW.channel <> 'bonus'", "false", "a_grant_needs_an_allow_of_a_bonus"),
    Mutant(ENFORCE, "interval '60 seconds'", "interval '60 hours'", "an_allow_grows_old"),
    Mutant(ENFORCE, "RAISE EXCEPTION 'promotions of this brand are stopped'",
           "RETURN NEW; RAISE EXCEPTION 'promotions of this brand are stopped'", "a_stopped_brand_writes_nothing"),
    Mutant(ENFORCE, "s.generation <> d.generation", "false", "an_allow_ends_with_its_generation"),
    Mutant(ENFORCE, "AND s.valid_until <= clock_timestamp()", "AND false", "a_standing_that_ran_out_writes_nothing"),
    Mutant(ENFORCE, "WHERE person_id = NEW.person_id FOR SHARE", "WHERE person_id = NEW.person_id",
           "a_row_holds_the_standing"),
    Mutant(STILL, "AND s.generation = d.generation", "", "a_hand_over_ends_with_its_generation"),
    Mutant(STILL, "d.outcome = 'allow' AND ", "", "a_no_is_not_handed_over"),
    Mutant(STILL, "interval '60 seconds'", "interval '60 hours'", "an_old_allow_is_not_handed_over"),
    Mutant(STILL, "AND NOT EXISTS (SELECT 1 FROM compliance_brandstop b WHERE b.brand_id = p.brand_id AND b.lifted_at IS NULL)",
           "", "a_stopped_brand_hands_nothing_over"),
    Mutant(STILL, "AND NOT compliance_feed_stale(p.brand_id)", "", "nothing_is_handed_over_while_the_feed_is_stale"),
    Mutant(STILL, "CONTINUE WHEN pg_try_advisory_xact_lock_shared(7001, k);", "CONTINUE;", "a_hand_over_holds_the_person"),
    Mutant(STILL, "PERFORM pg_advisory_xact_lock_shared(7002, k);", "", "a_hand_over_holds_the_brand"),
    Mutant(LOCK, "PERFORM pg_advisory_xact_lock(7001, k);", "PERFORM pg_advisory_xact_lock_shared(7001, k);",
           "who_closes_a_person_has_them_alone"),
    Mutant(DERIVE, "generation = s.generation + 1", "generation = s.generation", "an_allow_ends_with_its_generation"),
    Mutant(DERIVE, "LEAST(at, clock_timestamp())", "at", "no_argument_ends_a_time_out"),
    Mutant("compliance_reopens_at", "LEAST(ends_at, ended_at) + interval '24 hours'", "LEAST(ends_at, ended_at)",
           "a_time_out_opens_a_day_later"),
    Mutant(DERIVE, "rested_at <= early", "rested_at IS NOT NULL", "off_it_is_the_day_after_alone_and_by_two"),
    Mutant(DERIVE, "NOT (c.day_after AND w.id = ANY (no_day_after))", "NOT c.day_after",
           "off_it_is_the_day_after_alone_and_by_two"),
    Mutant("compliance_no_day_after", "AND w.signed_by_id IS NOT NULL", "", "off_it_is_the_day_after_alone_and_by_two"),
    Mutant(DERIVE, "WHEN exclusion AND status <> 'ended' THEN 'awaiting_return'", "", "a_term_that_is_over_opens_nothing"),
    Mutant(DERIVE, "valid_until = v.turns_at, kin = v.kin, partly = v.partly", "valid_until = v.turns_at, kin = v.kin",
           "an_exclusion_from_one_product_closes_that"),
    Mutant(DERIVE, "WHEN 'listed' THEN 'infinity'", "WHEN 'listed' THEN NULL", "who_is_on_a_register_is_closed"),
    Mutant("compliance_birth", "'unknown', false, false", "'open', true, true", "a_person_is_born_unknown"),
    Mutant("compliance_after_measure", "PERFORM compliance_derive_standing", "PERFORM 1 FROM touched; RETURN NULL;"
           " PERFORM compliance_derive_standing", "an_exclusion_closes_in_its_own_statement"),
    Mutant("compliance_after_consent", "PERFORM compliance_derive_standing", "RETURN NULL; PERFORM compliance_derive_standing",
           "a_refusal_voids_what_was_allowed"),
    Mutant("compliance_open_standing", "AND NOT bool_or(COALESCE(unreadable > COALESCE(stated, 0), false))", "",
           "what_nobody_could_read_stays_unknown"),
    Mutant("compliance_guard_measure", "NOT COALESCE(newest.kind = 'rg.lifted' AND newest.occurred_at = NEW.ended_at, false)", "false", "an_exclusion_ends_by_its_source"),
    Mutant("compliance_guard_stop", "IF NOT EXISTS", "IF false AND NOT EXISTS", "a_stop_is_lifted_by_a_signature"),
    Mutant("compliance_rehome", "generation = (SELECT max(generation)", "generation = (SELECT min(generation) - 1",
           "a_merge_voids_what_was_allowed"),
    Mutant("compliance_feed_stale", "> clock_timestamp() - interval '20 minutes'", "> '-infinity'",
           "a_feed_nobody_heard_of_for_long_is_stale"),
    Mutant("campaigns_gate_about", "d.reference = 'delivery:' || NEW.delivery_id", "true", "an_allow_is_for_one_message"),
    Mutant("bonuses_gate_about", "::bigint = NEW.amount", "::bigint <= NEW.amount", "an_allow_is_for_one_amount"),
]  # fmt: skip
