-- Outcome: the decision on a referral, and its follow-up.

-- name: referral_decide$
-- Store the decision, with its reasons. No row: a colleague was first. Index: referral_pkey.
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
-- Conclude a referral after the follow-up of its decision. No row: a colleague was first. Index: referral_pkey.
update referral
set
    state = 'concluded',
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;
