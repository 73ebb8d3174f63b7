-- Outcome: how the handling of a referral ended, and what came of it.

-- name: referral_decide$
-- The decision, with its reasons. No row: a colleague was first. Index: referral_pkey.
update referral
set
    state = 'decided',
    outcome = :outcome::text,
    reasons = :reasons::text,
    next_body = :next_body::text,
    follow_up_on = :follow_up_on::date,
    decided_at = :decided_at::timestamptz,
    due_on = null,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;

-- name: referral_conclude$
-- What came of the decision is known: nothing follows. No row: a colleague was first. Index: referral_pkey.
update referral
set
    state = 'concluded',
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;
