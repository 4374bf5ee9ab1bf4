-- What the application's own role could still talk the database into, by hand, needs something on record.
-- A fact or an audit entry is append-only: who forges one leaves it behind.

-- A restriction is what its source said of it, and never less. `newest`: the last word told of it, `restricting` the last one
-- that makes it what it is, in the order they are folded in (compliance.limits); an exclusion stays one whatever else its
-- name is used for.
CREATE FUNCTION compliance_guard_measure() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  limits CONSTANT text[] := '{deposit_limit,net_deposit_limit,cross_operator_limit,loss_limit,stake_limit,wager_limit,session_limit}';
  exclusions CONSTANT text[] := '{self_exclusion,national_exclusion,third_party}';
  both_limits CONSTANT boolean := OLD.kind = ANY (limits) AND NEW.kind = ANY (limits);
  words players_fact[];
  newest players_fact;
  restricting players_fact;
  two boolean := false;  -- its source uses one name for two restrictions: what is left of either is in no single word
  wrong text;
BEGIN
  IF NEW.source <> 'operator' AND (OLD.sequence, OLD.kind, OLD.status, OLD.scope, OLD.product, OLD.origin,
       OLD.effective_at, OLD.ends_at, OLD.auto_renew, OLD.ended_at, OLD.ended_by) IS DISTINCT FROM (NEW.sequence, NEW.kind,
       NEW.status, NEW.scope, NEW.product, NEW.origin, NEW.effective_at, NEW.ends_at, NEW.auto_renew, NEW.ended_at,
       NEW.ended_by) THEN
    words := compliance_told(NEW);
    newest := compliance_newest(words, '{rg.limit_set,rg.time_out,rg.self_excluded,rg.blocked,rg.lifted}', false);
    restricting := compliance_newest(words, '{rg.time_out,rg.self_excluded,rg.blocked}', NEW.kind = ANY (exclusions));
    two := compliance_means_two(words);
  END IF;
  IF NEW.sequence < OLD.sequence THEN
    wrong := 'the sequence of a source does not go back';
  ELSIF NEW.sequence > OLD.sequence AND NOT compliance_has_word(words, NEW.sequence) THEN
    wrong := 'a source counts its own words';
  ELSIF NEW.kind <> OLD.kind AND NOT both_limits AND NOT (CASE
      WHEN NEW.kind = 'unknown' THEN two AND OLD.kind <> ALL (exclusions) AND (NEW.status = 'active' OR newest.kind = 'rg.lifted')
      WHEN NEW.kind = ANY (limits) THEN OLD.kind = 'unknown' AND (OLD.status = 'ended' OR compliance_was_lifted(words))
      ELSE COALESCE(NEW.kind = compliance_kind_of(restricting), false) AND (NEW.kind = ANY (exclusions)
           OR OLD.kind <> ALL (exclusions) AND (OLD.kind = 'unknown' AND OLD.status = 'ended' OR compliance_was_lifted(words)))
      END) THEN
    wrong := 'a restriction does not turn into a weaker one';
  ELSIF NEW.product <> OLD.product AND OLD.product <> '' AND NEW.kind = 'product_exclusion' THEN
    wrong := 'an exclusion stays about its product';
  ELSIF NEW.status <> 'ended' AND (NEW.ended_at IS NOT NULL OR NEW.ended_by NOT IN ('', OLD.ended_by) AND NOT two) THEN
    wrong := 'what has not ended has no end';
  ELSIF NEW.status = 'awaiting_return' AND OLD.status <> 'awaiting_return' AND NEW.kind <> ALL (exclusions) THEN
    wrong := 'only of an exclusion a return is awaited';
  ELSIF NEW.kind <> 'unknown' AND NOT two AND (compliance_breadth(NEW.scope) >= compliance_breadth(OLD.scope)) IS NOT TRUE
        AND (compliance_scope_of(restricting) = NEW.scope) IS NOT TRUE THEN
    wrong := 'a restriction holds for less only by its source';
  ELSIF NEW.status = 'ended' AND NEW.ended_by = 'authority' AND (OLD.status, OLD.ended_by) IS DISTINCT FROM ('ended', 'authority')
        AND NOT COALESCE(newest.kind = 'rg.lifted' AND newest.data ->> 'by' = 'authority', false) THEN
    wrong := 'an authority takes back only what its source says it took back';
  ELSIF OLD.auto_renew AND NOT NEW.auto_renew AND NEW.kind <> 'unknown' AND NOT two
        AND (restricting.id IS NULL OR restricting.data -> 'auto_renew' = 'true') THEN
    wrong := 'what renews itself stops doing so only by its source';
  ELSIF NEW.origin <> OLD.origin AND NOT compliance_origin_told(words, NEW.origin) THEN
    wrong := 'who asked for a restriction is told by its source';
  ELSIF NEW.kind = ANY (exclusions) AND NEW.effective_at < OLD.effective_at AND NOT two AND NOT compliance_began(words, NEW.effective_at) THEN
    wrong := 'when a restriction began is told by its source';
  ELSIF both_limits THEN
    wrong := compliance_guard_limit(OLD, NEW);
  ELSIF NEW.status = 'ended' AND NEW.kind <> ALL (limits) AND (OLD.status <> 'ended' OR NEW.ended_at IS DISTINCT FROM OLD.ended_at)
        AND NOT (OLD.kind = 'unknown' AND OLD.status = 'ended' AND NEW.kind = 'unknown') THEN
    IF NEW.source = 'operator' AND NOT EXISTS (
        SELECT 1 FROM compliance_auditentry e WHERE e.subject = 'player:' || NEW.player_id AND e.actor_id IS NOT NULL
           AND e.kind = 'player.' || NEW.kind || '_lifted' AND e.at > clock_timestamp() - interval '1 minute') THEN
      wrong := 'a block ends only by somebody who signs for it';
    ELSIF NEW.source <> 'operator' AND NOT COALESCE(newest.kind = 'rg.lifted' AND newest.occurred_at = NEW.ended_at, false) THEN
      wrong := 'a restriction ends only by its source';
    END IF;
  END IF;
  IF wrong IS NULL AND NEW.ends_at IS DISTINCT FROM OLD.ends_at
     AND NEW.kind <> 'unknown' AND (both_limits OR NEW.kind <> ALL (limits))
     -- Of what is over a term that is gone lets it go sooner as well: the least time may hang on it.
     AND (NEW.status = 'ended' AND NOT both_limits OR COALESCE(NEW.ends_at < OLD.ends_at, OLD.ends_at IS NULL))
     AND NOT (CASE WHEN both_limits THEN compliance_term_told(OLD, NEW)
              ELSE restricting.id IS NOT NULL AND compliance_end_of(restricting) IS NOT DISTINCT FROM NEW.ends_at
                   OR two AND NEW.ends_at IS NULL END) THEN
    wrong := 'a restriction is shortened only by its source';
  END IF;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', wrong USING ERRCODE = 'RG005';
  END IF;
  IF OLD.status = 'ended' AND NEW.status <> 'ended' THEN
    NEW.received_at := clock_timestamp();  -- it begins anew, and so do the times it must be acted upon in
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard BEFORE UPDATE ON compliance_measure FOR EACH ROW
  WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION compliance_guard_measure();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER guard;

-- One that is there before its source speaks of it would keep what the source says out: a row is born of a word, or of
-- somebody who blocks.
CREATE FUNCTION compliance_guard_birth() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  words players_fact[];
  newest players_fact;
BEGIN
  IF NEW.source = 'operator' THEN
    IF NEW.status = 'active' AND NEW.kind IN ('marketing_block', 'bonus_block') THEN
      RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a block is made by somebody' USING ERRCODE = 'RG005';
  END IF;
  words := compliance_told(NEW);
  IF compliance_has_word(words, NEW.sequence) AND compliance_keeps_form(NEW) THEN
    IF NEW.status <> 'ended' OR NEW.kind = 'unknown' OR NEW.kind LIKE '%limit' THEN
      RETURN NEW;
    END IF;
    newest := compliance_newest(words, '{rg.limit_set,rg.time_out,rg.self_excluded,rg.blocked,rg.lifted}', false);
    IF newest.kind = 'rg.lifted' AND newest.occurred_at = NEW.ended_at THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a restriction begins with what its source says' USING ERRCODE = 'RG005';
END $$;
CREATE TRIGGER guard_birth BEFORE INSERT ON compliance_measure FOR EACH ROW EXECUTE FUNCTION compliance_guard_birth();
ALTER TABLE compliance_measure ENABLE ALWAYS TRIGGER guard_birth;

CREATE FUNCTION compliance_breadth(scope text) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT array_position('{product,brand,licensee,group,national}'::text[], scope) $$;

-- What was told of a restriction, in the order it is folded in: by the numbers of its source, and after them again what closes
-- and was said after the word with the highest number, for then its source has begun to count anew.
CREATE FUNCTION compliance_told(m compliance_measure) RETURNS players_fact[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  words players_fact[] := ARRAY(
    SELECT f FROM players_fact f WHERE f.player_id = m.player_id AND f.data ->> 'measure_id' = m.ref
       AND f.kind IN ('rg.limit_set', 'rg.limit_removed', 'rg.time_out', 'rg.self_excluded', 'rg.blocked', 'rg.lifted')
     ORDER BY compliance_sequence(f.data), f.id);
  word players_fact;
  anew bigint;
BEGIN
  FOR word IN SELECT (words[i]).* FROM generate_subscripts(words, 1) AS i
               WHERE (words[i]).occurred_at > (words[cardinality(words)]).occurred_at ORDER BY (words[i]).occurred_at, i LOOP
    IF word.kind IN ('rg.time_out', 'rg.self_excluded', 'rg.blocked')
       OR word.kind = 'rg.lifted' AND compliance_sequence(word.data) > anew THEN
      anew := compliance_sequence(word.data);
      words := words || word;
    END IF;
  END LOOP;
  RETURN words;
END $$;

CREATE FUNCTION compliance_newest(words players_fact[], kinds text[], excludes boolean) RETURNS players_fact
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
BEGIN
  FOR i IN REVERSE cardinality(words) .. 1 LOOP
    IF (words[i]).kind = ANY (kinds) AND (NOT excludes OR compliance_excludes(words[i])) THEN
      RETURN words[i];
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION compliance_excludes(word players_fact) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT word.kind = 'rg.self_excluded' AND COALESCE(word.data ->> 'product', '') = '' $$;

CREATE FUNCTION compliance_sequence(said jsonb) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT COALESCE((said ->> 'sequence')::bigint, 0) $$;

-- Is there a word with this number?
CREATE FUNCTION compliance_has_word(words players_fact[], number bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM unnest(words) AS f WHERE compliance_sequence(f.data) = number)
$$;

-- What a word makes of it (compliance.measures says the same), until when, and for whom.
CREATE FUNCTION compliance_kind_of(word players_fact) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE word.kind
    WHEN 'rg.time_out' THEN 'time_out'
    WHEN 'rg.self_excluded' THEN
      CASE WHEN word.data ->> 'product' > '' THEN 'product_exclusion' WHEN word.data ->> 'by' = 'third_party' THEN 'third_party'
           WHEN word.data ->> 'register' > '' THEN 'national_exclusion' ELSE 'self_exclusion' END
    WHEN 'rg.blocked' THEN
      CASE word.data ->> 'what' WHEN 'bonus' THEN 'bonus_block' WHEN 'deposits' THEN 'deposit_block'
           WHEN 'vulnerability' THEN 'vulnerability' WHEN 'check_due' THEN 'check_due'
           WHEN 'check_adverse' THEN 'check_adverse' ELSE 'marketing_block' END
  END
$$;
CREATE FUNCTION compliance_end_of(word players_fact) RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT COALESCE(word.data ->> 'ends_at', word.data ->> 'expires_at')::timestamptz $$;
CREATE FUNCTION compliance_scope_of(word players_fact) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN word.data ->> 'product' > '' THEN 'product'
              ELSE COALESCE(NULLIF(word.data ->> 'scope', ''),
                            CASE WHEN word.data ->> 'register' > '' THEN 'national' ELSE 'group' END) END
$$;

-- Did its source use one name for two kinds of restriction?
CREATE FUNCTION compliance_means_two(words players_fact[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT count(DISTINCT CASE WHEN f.kind = 'rg.limit_set' THEN 'limit' WHEN compliance_excludes(f) THEN 'exclusion'
                             ELSE compliance_kind_of(f) END) > 1 FROM unnest(words) AS f
$$;

-- Was it ever taken back?
CREATE FUNCTION compliance_was_lifted(words players_fact[]) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM unnest(words) AS f WHERE f.kind = 'rg.lifted')
$$;

CREATE FUNCTION compliance_origin_told(words players_fact[], origin text) RETURNS boolean
LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM unnest(words) AS f
                  WHERE origin = COALESCE(NULLIF(f.data ->> 'origin', ''), CASE WHEN f.data ->> 'register' > '' THEN 'register'
                                          WHEN f.kind = 'rg.blocked' THEN 'operator' ELSE 'player' END))
$$;

-- Did it begin then, at a word told since it was last taken back?
CREATE FUNCTION compliance_began(words players_fact[], at timestamptz) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = public, pg_temp AS $$
DECLARE
  word players_fact;
  since timestamptz;
  over boolean := true;
BEGIN
  FOREACH word IN ARRAY words LOOP
    IF word.kind = 'rg.lifted' THEN
      over := true;
    ELSIF word.kind LIKE 'rg.limit%' THEN
      CONTINUE;
    ELSIF over THEN
      over := false;
      since := word.occurred_at;
    ELSE
      since := LEAST(since, word.occurred_at);
    END IF;
  END LOOP;
  RETURN COALESCE(since <= at, false);
END $$;
