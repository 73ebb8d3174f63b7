-- Drafting: a petition is started, confirmed by mail, edited, revised after a rejection, updated, withdrawn.

-- name: petition_draft$
-- Start a petition: its row, its counter and the mail that asks the initiator to confirm. Returns its number.
-- always one row
with begun as (
    insert into petition (
        procedure_code, procedure_version, body, timezone, stage, language, subject, title, request, reasons,
        previous_action, initiator_name, initiator_place, initiator_contact, initiator_index, manage_key, sponsor_key,
        data_key, salt, sponsors_required, sponsors_maximum, moderation_within, moderation_working_days,
        remind_after, forget_after, created_at
    )
    values (
        :procedure_code::text, :procedure_version::integer, :body::text, :timezone::text, 'draft', :language::text,
        :subject::text, :title::text, :request::text, :reasons::text, :previous_action::text, :initiator_name::text,
        :initiator_place::text, :initiator_contact::bytea, :initiator_index::bytea, :manage_key::bytea,
        :sponsor_key::bytea, :data_key::bytea, :salt::bytea, :sponsors_required::integer, :sponsors_maximum::integer,
        make_interval(months => :moderation_months::integer, days => :moderation_days::integer),
        :moderation_working_days::integer, make_interval(days => :remind_after_days::integer),
        make_interval(days => :forget_after_days::integer), :now::timestamptz
    )
    returning id
),
counter as (
    insert into signature_count (petition_id, changed_at)
    select b.id, :now::timestamptz from begun as b
    returning petition_id
),
mailed as (
    insert into outbox (kind, priority, petition_id, created_at, next_at)
    select 'draft_confirm', 1, b.id, :now::timestamptz, :now::timestamptz from begun as b
    returning id
)
select b.id
from begun as b
inner join counter as c on b.id = c.petition_id;

-- name: petition_managed^
-- A petition for its initiator, by the random key of the management link. Index: petition_pkey.
select
    p.id, p.procedure_code, p.procedure_version, p.timezone, p.stage, p.language, p.subject, p.title, p.request, p.reasons,
    p.previous_action, p.initiator_name, p.initiator_place, p.initiator_contact, p.initiator_index, p.sponsor_key,
    p.data_key, p.salt, p.sponsors_required, p.sponsors_maximum, p.created_at, p.confirmed_at, p.submitted_at,
    p.moderation_due_on, p.opened_at, p.closes_at, p.closed_at, p.ended_at, p.ground, p.reason, p.version,
    c.confirmed, c.sponsors
from
    petition as p
inner join signature_count as c on p.id = c.petition_id
where
    p.id = :petition_id::bigint
    and p.manage_key = :manage_key::bytea;

-- name: petition_confirm_draft$
-- The initiator confirmed by mail: move the petition to sponsoring, or to moderation with its due day.
-- No row: it was confirmed before, or is no longer a draft. Index: petition_pkey.
update petition
set
    stage = :stage::text,
    confirmed_at = :now::timestamptz,
    submitted_at = case when :stage::text = 'moderation' then :now::timestamptz end,
    moderation_due_on = case
        when :stage::text = 'moderation' then due_after(
            (:now::timestamptz at time zone timezone)::date, moderation_within, moderation_working_days
        )
    end,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = 'draft'
returning moderation_due_on is not null;

-- name: signature_of_initiator!
-- Add the initiator as the first signatory, where the procedure says so, confirmed by the same mail. Locks
-- signature_count.
with counted as (
    update signature_count as c
    set
        confirmed = c.confirmed + 1,
        changed_at = :now::timestamptz
    where
        c.petition_id = :petition_id::bigint
        and not exists (
            select 1 from signature as s
            where s.petition_id = c.petition_id and s.email_index = :email_index::bytea
        )
    returning c.petition_id, c.confirmed
),
tallied as (
    insert into signature_hour as h (petition_id, hour, confirmed)
    select c.petition_id, date_trunc('hour', :now::timestamptz, 'UTC'), 1 from counted as c
    on conflict (petition_id, hour) do update set confirmed = h.confirmed + 1
    returning h.petition_id
)
insert into signature (
    petition_id, email_index, token_id, kind, number, contact, show_name, wants_news, language, signed_at, confirmed_at
)
select
    c.petition_id, :email_index::bytea, :token_id::bytea, 'initiator', c.confirmed, :contact::bytea, false, false,
    :language::text, :now::timestamptz, :now::timestamptz
from counted as c;

-- name: petition_text_record!
-- Store the submitted text as the next version. Index: petition_text_pkey.
insert into petition_text (petition_id, number, title, request, reasons, previous_action, recorded_at)
select
    p.id,
    1 + (select count(*) from petition_text as x where x.petition_id = p.id),
    p.title, p.request, p.reasons, p.previous_action, :now::timestamptz
from
    petition as p
where
    p.id = :petition_id::bigint;

-- name: petition_edit$
-- Replace the text before submission, or after a rejection. No row: the stage or the version has changed since.
update petition
set
    title = :title::text,
    request = :request::text,
    reasons = :reasons::text,
    previous_action = :previous_action::text,
    subject = :subject::text,
    version = version + 1
where
    id = :petition_id::bigint
    and stage in ('draft', 'sponsoring', 'rejected')
    and version = :version::integer
returning version;

-- name: petition_course
-- The referrals of a petition, and the news that its initiator published, oldest first. Indexes: referral_pkey,
-- event_pkey.
select
    'referral' as kind,
    r.created_at as occurred_at,
    r.committee_slug,
    r.due_on,
    r.decided_at,
    null as title
from
    referral as r
where
    r.petition_id = :petition_id::bigint
union all
select
    e.kind,
    e.occurred_at,
    null as committee_slug,
    null as due_on,
    null as decided_at,
    e.data ->> 'title' as title
from
    event as e
where
    e.petition_id = :petition_id::bigint
    and e.kind = 'update'
order by
    occurred_at;

-- name: petition_resubmit$
-- Submit a rejected petition again after revising it; a pending objection lapses. No row: it is not rejected (any
-- more). Indexes: petition_pkey, objection_pkey.
with lapsed as (
    update objection as o
    set
        outcome = 'lapsed',
        decided_at = :now::timestamptz
    from
        petition as p
    where
        o.petition_id = p.id
        and p.id = :petition_id::bigint
        and p.stage = 'rejected'
        and o.outcome is null
)
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
    claimed_by = null,
    claimed_at = null,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = 'rejected'
returning moderation_due_on;

-- name: petition_withdraw$
-- Withdraw a petition for its initiator, with a reason; a proposed refusal is deleted. No row: it is too late.
-- Indexes: petition_pkey, refusal_proposal_pkey.
with unneeded as (
    delete from refusal_proposal
    where petition_id = :petition_id::bigint
)
update petition
set
    stage = 'withdrawn',
    ended_at = :now::timestamptz,
    reason = :reason::text,
    version = version + 1
where
    id = :petition_id::bigint
    and stage in ('draft', 'sponsoring', 'moderation', 'open')
returning id;

-- name: petition_drafts_forget
-- Drafts that were never confirmed, and sponsor rounds that lasted too long, to be deleted. Index: petition_stage_idx.
select
    p.id,
    p.procedure_code,
    p.procedure_version,
    p.stage,
    p.created_at,
    p.confirmed_at
from
    petition as p
where
    p.stage in ('draft', 'sponsoring')
order by
    p.id;

-- name: petition_delete!
-- Delete a petition that never became public, with all its data; does nothing where its stage changed in the meantime.
-- Locks signature_count, then petition, so that a concurrent confirmation commits first and then decides.
with locked as (
    select c.petition_id
    from signature_count as c
    where c.petition_id = :petition_id::bigint
    for update
),
gone as (
    select p.id
    from petition as p
    inner join locked as l on p.id = l.petition_id
    where p.stage in ('draft', 'sponsoring')
    for update of p
),
e as (delete from event where petition_id in (select g.id from gone as g)),
o as (delete from outbox where petition_id in (select g.id from gone as g)),
w as (delete from pending_signature where petition_id in (select g.id from gone as g)),
s as (delete from signature where petition_id in (select g.id from gone as g)),
d as (delete from withdrawn_signature where petition_id in (select g.id from gone as g)),
h as (delete from signature_hour where petition_id in (select g.id from gone as g)),
c as (delete from signature_count where petition_id in (select g.id from gone as g)),
n as (delete from moderation_note where petition_id in (select g.id from gone as g)),
t as (delete from petition_text where petition_id in (select g.id from gone as g))
delete from petition
where
    id in (select g.id from gone as g);
