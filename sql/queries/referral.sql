-- Referral: a petition referred to a committee, its steps, and their data for the desk and the public.

-- name: referral_locked^
-- A referral for its next step, with its row locked so that two clerks cannot interfere. Index: referral_pkey.
select
    r.petition_id, r.id, r.threshold_code, r.committee_slug, r.state, r.created_at, r.due_on, r.rapporteur,
    r.rapporteur_id, r.meeting_at, r.meeting_place, r.version, p.procedure_code, p.procedure_version
from
    referral as r
inner join petition as p on r.petition_id = p.id
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint
for update of r;

-- name: referral_steps_taken
-- The steps of one referral, in order. Index: referral_step_pkey.
select
    s.step_code, s.kind, s.happened_on, s.data
from
    referral_step as s
where
    s.petition_id = :petition_id::bigint
    and s.referral_id = :referral_id::bigint
order by
    s.number;

-- name: referral_step_add!
-- Add a step as the next one, with its event; the row of the referral is locked. Index: referral_step_pkey.
insert into referral_step (
    petition_id, referral_id, number, step_code, kind, recorded_at, happened_on, staff_id, event_id, data
)
select
    :petition_id::bigint, :referral_id::bigint, 1 + count(*), :step_code::text, :kind::text, :now::timestamptz,
    :happened_on::date, :staff_id::bigint, :event_id::bigint, :data::jsonb
from
    referral_step as s
where
    s.petition_id = :petition_id::bigint
    and s.referral_id = :referral_id::bigint;

-- name: referral_move$
-- Update a referral after a step: the state, the due day of the next step, the rapporteur and the meeting. Index:
-- referral_pkey.
update referral
set
    state = :state::text,
    due_on = :due_on::date,
    rapporteur = :rapporteur::text,
    rapporteur_id = :rapporteur_id::bigint,
    meeting_at = :meeting_at::timestamptz,
    meeting_place = :meeting_place::text,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;

-- name: referral_refuse$
-- Declare a referral inadmissible: the handling ends with a ground and reasons. Index: referral_pkey.
update referral
set
    state = 'inadmissible',
    ground = :ground::text,
    reasons = :reasons::text,
    decided_at = :decided_at::timestamptz,
    due_on = null,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;

-- name: referral_extend$
-- Extend the deadline of a referral. Index: referral_pkey.
update referral
set
    due_on = :due_on::date,
    version = version + 1
where
    petition_id = :petition_id::bigint
    and id = :referral_id::bigint
    and version = :version::integer
returning version;

-- name: referrals_of_petition
-- The referrals of a petition with their steps and extensions, oldest first. No locks.
-- Indexes: referral_pkey, threshold_pkey, referral_step_pkey, event_pkey.
select
    r.petition_id, r.id, r.threshold_code, r.required, r.committee_slug, r.effect, r.state, r.created_at, r.due_on,
    r.rapporteur, r.meeting_at, r.meeting_place, r.outcome, r.ground, r.reasons, r.next_body, r.follow_up_on,
    r.decided_at, r.version, r.procedure_code, r.procedure_version, r.steps,
    coalesce(e.extensions, '[]'::jsonb) as extensions
from
    referral_with_steps as r
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object('occurred_at', x.occurred_at, 'due_on', x.data ->> 'due_on', 'reason', x.data ->> 'reason')
            order by x.id
        ) as extensions
    from event as x
    where x.petition_id = r.petition_id and x.kind = 'extended' and (x.data ->> 'referral')::bigint = r.id
) as e on true
where
    r.petition_id = :petition_id::bigint
order by
    r.id;

-- name: referred_petition^
-- The petition of a referral, for its committee. No locks. Index: petition_pkey.
select
    p.id, p.procedure_code, p.procedure_version, p.stage, p.language, p.subject, p.title, p.request, p.reasons,
    p.previous_action, p.initiator_name, p.initiator_place, p.opened_at, p.closes_at, p.closed_at, p.text_hidden,
    c.confirmed
from
    petition as p
inner join signature_count as c on p.id = c.petition_id
where
    p.id = :petition_id::bigint;

-- name: referrals_of_committees
-- A page of the referrals of these committees in these states, with the steps that were taken. No locks.
-- Those with a deadline come first, the most urgent at the top; then the ones that have waited longest.
-- Indexes: referral_committee_idx, petition_pkey, threshold_pkey, referral_step_pkey.
select
    r.petition_id, r.id, r.threshold_code, r.required, r.committee_slug, r.effect, r.state, r.created_at, r.due_on,
    r.outcome, r.ground, r.follow_up_on, r.decided_at, r.procedure_code, r.procedure_version, r.language, r.title,
    r.stage, r.text_hidden, r.steps, c.confirmed,
    count(*) over () as total
from
    referral_with_steps as r
inner join signature_count as c on r.petition_id = c.petition_id
where
    r.committee_slug = any(:committees::text[])
    and r.state = any(:states::text[])
    and (not :promised::boolean or r.follow_up_on is not null)
order by
    r.decided_at desc nulls first,
    r.due_on asc nulls last,
    r.created_at asc,
    r.id asc
limit :size::integer offset :skipped::integer;

-- name: referrals_count
-- The number of referrals of each committee in each state, and how many of them promise a follow-up. No locks.
-- Index: referral_committee_idx.
select
    r.committee_slug,
    r.state,
    count(*) as referrals,
    count(r.follow_up_on) as promised
from
    referral as r
where
    r.committee_slug = any(:committees::text[])
group by
    r.committee_slug,
    r.state;
