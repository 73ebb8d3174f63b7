-- Refusals: proposals that wait for a second reader, and objections to a rejection.

-- name: refusal_propose!
-- Store a proposal and release the claim, so that a colleague can claim the petition. The caller holds the row lock of
-- the petition. Index: refusal_proposal_pkey.
with freed as (
    update petition
    set
        claimed_by = null,
        claimed_at = null
    where
        id = :petition_id::bigint
    returning id
)
insert into refusal_proposal (petition_id, staff_id, ground, reason, proposed_at)
select f.id, :staff_id::bigint, :ground::text, :reason::text, :now::timestamptz
from freed as f;

-- name: refusal_answered^
-- Delete a proposal that was answered and release the claim; returns its content. No row: it was answered or replaced
-- before. Index: refusal_proposal_pkey.
with answered as (
    delete from refusal_proposal
    where
        petition_id = :petition_id::bigint
        and id = :proposal::bigint
    returning petition_id, ground, reason
),
freed as (
    update petition as p
    set
        claimed_by = null,
        claimed_at = null
    from
        answered as a
    where
        p.id = a.petition_id
)
select a.ground, a.reason
from answered as a;

-- name: refusal_waiting^
-- The proposal that waits for a second reader, with its author. Index: refusal_proposal_pkey.
select r.id, r.staff_id, s.name as staff_name, r.ground, r.reason, r.proposed_at
from refusal_proposal as r
inner join staff as s on r.staff_id = s.id
where r.petition_id = :petition_id::bigint;

-- name: objection_to_rejection^
-- The latest rejection of a petition, who took part in it, and the objection to it where there is one.
-- Indexes: event_pkey, objection_pkey.
-- not null: refused_by
with rejection as (
    select e.id, e.petition_id, e.occurred_at
    from event as e
    where
        e.petition_id = :petition_id::bigint
        and e.kind = 'rejected'
    order by e.id desc
    limit 1
)
select
    r.id as event_id,
    r.occurred_at as rejected_at,
    refused_by(r.petition_id, r.id) as refused_by,
    o.made_at, o.due_on, o.outcome, o.reason
from
    rejection as r
left join objection as o on r.petition_id = o.petition_id and r.id = o.rejected_event_id;

-- name: objection_latest^
-- The latest objection of a petition with who took part in the rejection, for the dossier. Indexes: objection_pkey,
-- event_pkey.
-- not null: refused_by
select
    o.text, o.made_at, o.due_on, o.outcome, o.reason, o.decided_at,
    refused_by(o.petition_id, o.rejected_event_id) as refused_by
from
    objection as o
where
    o.petition_id = :petition_id::bigint
order by o.rejected_event_id desc
limit 1;

-- name: objection_make$
-- Store an objection with the day on which it must be decided: the time that the procedure gives for moderation.
-- Index: objection_pkey.
-- always one row
insert into objection (petition_id, rejected_event_id, text, made_at, due_on)
select
    p.id,
    :rejected_event_id::bigint,
    :text::text,
    :now::timestamptz,
    due_after((:now::timestamptz at time zone p.timezone)::date, p.moderation_within, p.moderation_working_days)
from
    petition as p
where
    p.id = :petition_id::bigint
returning due_on;

-- name: objection_decide!
-- Decide an objection. The caller holds the row lock of the petition. Index: objection_pkey.
update objection
set
    outcome = :outcome::text,
    reason = :reason::text,
    decided_at = :now::timestamptz,
    decided_by = :staff_id::bigint
where
    petition_id = :petition_id::bigint
    and rejected_event_id = :rejected_event_id::bigint
    and outcome is null;

-- name: petition_check_anew$
-- Undo a rejection: the petition is in moderation again, claimed by the moderator who decided on the objection. Index:
-- petition_pkey.
-- not null: moderation_due_on
-- always one row
update petition
set
    stage = 'moderation',
    submitted_at = :now::timestamptz,
    moderation_due_on = due_after(
        (:now::timestamptz at time zone timezone)::date, moderation_within, moderation_working_days
    ),
    ended_at = null,
    ground = null,
    reason = null,
    text_hidden = false,
    claimed_by = :staff_id::bigint,
    claimed_at = :now::timestamptz,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = 'rejected'
returning moderation_due_on;

-- name: moderation_objections
-- Pending objections by due day, with the staff who may not decide on them. Indexes: objection_waiting_idx, event_pkey.
-- not null: ground, refused_by
select
    p.id, p.procedure_code, p.procedure_version, p.timezone, p.language, p.title, p.initiator_name, p.initiator_place,
    o.made_at, o.due_on, p.ground,
    refused_by(o.petition_id, o.rejected_event_id) as refused_by
from
    objection as o
inner join petition as p on o.petition_id = p.id
where
    o.outcome is null
    and p.stage = 'rejected'
    and (:procedure::text = '' or p.procedure_code = :procedure::text)
order by
    o.due_on, o.made_at
limit :page_size::integer
offset :skipped::integer;
