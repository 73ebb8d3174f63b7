-- Moderation: the queue, claims, private notes, and the decisions to accept, reject or take down.

-- name: petition_claim$
-- Claim a waiting petition, or renew one's claim. No row: a colleague has it (and the claim has not expired), it waits
-- for a second reader of one's own proposal, or it is decided. Index: petition_pkey.
update petition
set
    claimed_by = :staff_id::bigint,
    claimed_at = :now::timestamptz
where
    id = :petition_id::bigint
    and stage = 'moderation'
    and (
        claimed_by is null
        or claimed_by = :staff_id::bigint
        or claimed_at < :expired_before::timestamptz
    )
    and not exists (
        select 1 from refusal_proposal as r
        where r.petition_id = petition.id and r.staff_id = :staff_id::bigint
    )
returning id;

-- name: petition_claim_oldest$
-- Claim the petition that is due first and unclaimed; one that a colleague is just claiming is skipped.
-- No row: everything is claimed. Index: petition_moderation_idx.
with oldest as (
    select p.id
    from petition as p
    where
        p.stage = 'moderation'
        and (p.claimed_by is null or p.claimed_at < :expired_before::timestamptz)
        and (:procedure::text = '' or p.procedure_code = :procedure::text)
        and not exists (
            select 1 from refusal_proposal as r
            where r.petition_id = p.id and r.staff_id = :staff_id::bigint
        )
    order by p.moderation_due_on, p.submitted_at, p.id
    limit 1
    for no key update skip locked
)
update petition as p
set
    claimed_by = :staff_id::bigint,
    claimed_at = :now::timestamptz
from
    oldest as o
where
    p.id = o.id
returning p.id;

-- name: petition_release$
-- Give a claim back. No row: there was none. Index: petition_pkey.
update petition
set
    claimed_by = null,
    claimed_at = null
where
    id = :petition_id::bigint
    and claimed_by = :staff_id::bigint
returning id;

-- name: petition_moderated^
-- A petition for a decision, with its row locked so that two decisions cannot interfere. Index: petition_pkey.
select
    p.id, p.stage, p.procedure_code, p.procedure_version, p.subject, p.timezone, p.claimed_by, p.claimed_at, p.version,
    (select r.staff_id from refusal_proposal as r where r.petition_id = p.id) as proposed_by
from
    petition as p
where
    p.id = :petition_id::bigint
for update of p;

-- name: petition_open$
-- Open a petition for signing. No row: somebody decided first. Index: petition_pkey.
update petition
set
    stage = 'open',
    opened_at = :now::timestamptz,
    closes_at = :closes_at::timestamptz,
    claimed_by = null,
    claimed_at = null,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = 'moderation'
returning id;

-- name: petition_end$
-- Reject a waiting petition or take a public one down, with ground and reason. No row: somebody decided first.
update petition
set
    stage = :target::text,
    ended_at = :now::timestamptz,
    ground = :ground::text,
    reason = :reason::text,
    text_hidden = :text_hidden::boolean,
    claimed_by = null,
    claimed_at = null,
    version = version + 1
where
    id = :petition_id::bigint
    and stage = :source::text
returning id;

-- name: moderation_note_add!
-- Add a private note. Index: none needed.
insert into moderation_note (petition_id, staff_id, text, created_at)
values (:petition_id::bigint, :staff_id::bigint, :text::text, :now::timestamptz);

-- name: moderation_counts^
-- How many petitions and objections are pending, and how many are due today or overdue in the time zone of their body.
-- Indexes: petition_moderation_idx, petition_stage_idx, refusal_proposal_pkey, objection_waiting_idx.
with waiting as (
    select
        p.moderation_due_on as due_on,
        (:now::timestamptz at time zone p.timezone)::date as today,
        case when r.petition_id is null then 'decision' else 'second' end as for_what
    from petition as p
    left join refusal_proposal as r on p.id = r.petition_id
    where
        p.stage = 'moderation'
        and (:procedure::text = '' or p.procedure_code = :procedure::text)
    union all
    select
        o.due_on,
        (:now::timestamptz at time zone p.timezone)::date as today,
        'objection' as for_what
    from objection as o
    inner join petition as p on o.petition_id = p.id
    where
        o.outcome is null
        and p.stage = 'rejected'
        and (:procedure::text = '' or p.procedure_code = :procedure::text)
)
select
    count(*) filter (where w.for_what = 'decision') as waiting,
    count(*) filter (where w.for_what = 'second') as second,
    count(*) filter (where w.for_what = 'objection') as objections,
    count(*) filter (where w.due_on = w.today) as due_today,
    count(*) filter (where w.due_on < w.today) as overdue,
    (
        select count(*) from petition as p
        where
            p.stage = 'sponsoring'
            and (:procedure::text = '' or p.procedure_code = :procedure::text)
    ) as sponsoring
from
    waiting as w;

-- name: moderation_queue
-- Pending petitions by due day, then by age, with the moments of their sponsors. `alike` counts other petitions that
-- have all words of the title. Indexes: petition_moderation_idx, petition_search_idx, petition_text_pkey, signature_pkey.
-- not null: submitted_at, due_on
select
    p.id, p.procedure_code, p.procedure_version, p.timezone, p.language, p.subject, p.title, p.request, p.reasons,
    p.previous_action, p.initiator_name, p.initiator_place, p.submitted_at, p.moderation_due_on as due_on, p.claimed_by,
    p.claimed_at, s.name as claimed_name, r.staff_id as proposed_by, x.name as proposed_name,
    (select count(*)::integer from petition_text as x where x.petition_id = p.id) as versions,
    (
        select count(*)::integer
        from petition as o
        where
            o.search @@ plainto_tsquery(
                case p.language when 'en' then 'english'::regconfig else 'dutch'::regconfig end, p.title
            )
            and o.id <> p.id
            and o.stage in ('moderation', 'open', 'closed')
    ) as alike,
    array(
        select g.signed_at from signature as g
        where g.petition_id = p.id and g.kind = 'sponsor'
        order by g.signed_at
        limit 100
    ) as sponsored
from
    petition as p
left join staff as s on p.claimed_by = s.id
left join refusal_proposal as r on p.id = r.petition_id
left join staff as x on r.staff_id = x.id
where
    p.stage = 'moderation'
order by
    p.moderation_due_on, p.submitted_at, p.id
limit :at_most::integer;

-- name: moderation_sponsoring
-- Petitions that wait for sponsors, oldest first. Index: petition_stage_idx.
-- not null: confirmed_at
select
    p.id, p.procedure_code, p.procedure_version, p.language, p.title, p.initiator_name, p.initiator_place, p.confirmed_at,
    c.sponsors, p.sponsors_required
from
    petition as p
inner join signature_count as c on p.id = c.petition_id
where
    p.stage = 'sponsoring'
    and (:procedure::text = '' or p.procedure_code = :procedure::text)
order by
    p.confirmed_at, p.id
limit :page_size::integer
offset :skipped::integer;

-- name: moderation_decided
-- Decisions since a moment, newest first, each with the submission that it answers. Index: event_recent_idx.
select
    p.id, p.procedure_code, p.procedure_version, p.timezone, p.language, p.title, p.initiator_name, p.initiator_place,
    e.kind, e.occurred_at, e.data ->> 'ground' as ground, s.name as staff_name, count(*) over () as total
from
    event as e
inner join petition as p on e.petition_id = p.id
left join staff as s on e.staff_id = s.id
where
    e.public
    and e.occurred_at >= :since::timestamptz
    and e.actor = 'moderator'
    and e.kind in ('opened', 'rejected', 'removed')
    and (:procedure::text = '' or p.procedure_code = :procedure::text)
order by
    e.occurred_at desc, e.id desc
limit :page_size::integer
offset :skipped::integer;

-- name: moderation_answers
-- Every decision about a submission since a moment, with its due day, for the figures of the desk.
-- Indexes: event_recent_idx, event_pkey.
-- not null: due_on
select
    p.procedure_code,
    e.occurred_at as decided_at,
    s.occurred_at as submitted_at,
    due_after((s.occurred_at at time zone p.timezone)::date, p.moderation_within, p.moderation_working_days) as due_on,
    p.timezone
from
    event as e
inner join petition as p on e.petition_id = p.id
cross join lateral (
    select x.occurred_at
    from event as x
    where
        x.petition_id = e.petition_id
        and x.id < e.id
        and x.kind in ('submitted', 'resubmitted', 'objection_upheld')
    order by x.id desc
    limit 1
) as s
where
    e.public
    and e.occurred_at >= :since::timestamptz
    and e.actor = 'moderator'
    and e.kind in ('opened', 'rejected');

-- name: moderation_search
-- Petitions by number or by words, in Dutch and English, whatever their stage (but never a draft). `total` counts all.
-- Indexes: petition_pkey, petition_search_idx.
select
    p.id, p.procedure_code, p.procedure_version, p.language, p.stage, p.title, p.initiator_name, p.initiator_place,
    p.submitted_at, p.claimed_by, c.confirmed, count(*) over () as total
from
    petition as p
inner join signature_count as c on p.id = c.petition_id
where
    p.stage <> 'draft'
    and (p.stage <> 'withdrawn' or p.confirmed_at is not null)
    and (
        p.id = :number::bigint
        or p.search @@ websearch_to_tsquery('dutch', :words::text)
        or p.search @@ websearch_to_tsquery('english', :words::text)
    )
order by
    p.id = :number::bigint desc,
    greatest(
        ts_rank(p.search, websearch_to_tsquery('dutch', :words::text)),
        ts_rank(p.search, websearch_to_tsquery('english', :words::text))
    ) desc,
    p.id desc
limit :page_size::integer
offset :skipped::integer;

-- name: moderation_dossier^
-- One petition for the desk; drafts are private and left out. Indexes: petition_pkey, signature_pkey.
select
    p.id, p.procedure_code, p.procedure_version, p.timezone, p.stage, p.language, p.subject, p.title, p.request, p.reasons,
    p.previous_action, p.initiator_name, p.initiator_place, p.sponsors_required, p.created_at, p.confirmed_at,
    p.submitted_at, p.moderation_due_on as due_on, p.claimed_by, p.claimed_at, s.name as claimed_name, p.opened_at,
    p.closes_at, p.closed_at, p.ended_at, p.ground, p.reason, p.text_hidden, p.version, c.confirmed, c.sponsors,
    array(
        select g.signed_at from signature as g
        where
            p.stage in ('sponsoring', 'moderation', 'rejected') -- later there may be a million signatures
            and g.petition_id = p.id
            and g.kind = 'sponsor'
        order by g.signed_at
        limit 100
    ) as sponsored
from
    petition as p
inner join signature_count as c on p.id = c.petition_id
left join staff as s on p.claimed_by = s.id
where
    p.id = :petition_id::bigint
    and p.stage <> 'draft'
    and (p.stage <> 'withdrawn' or p.confirmed_at is not null);

-- name: moderation_notes
-- The private notes on a petition, oldest first. Index: moderation_note_pkey.
select n.text, n.created_at, s.name as staff_name
from moderation_note as n
inner join staff as s on n.staff_id = s.id
where n.petition_id = :petition_id::bigint
order by n.id;

-- name: moderation_history
-- The events of a petition, newest first, including private ones. Index: event_pkey.
select e.occurred_at, e.kind, e.actor, e.data, s.name as staff_name
from event as e
left join staff as s on e.staff_id = s.id
where e.petition_id = :petition_id::bigint
order by e.id desc
limit 100;

-- name: moderation_alike
-- Pending or public petitions that resemble this one: those with all words of its title, then those that share at least
-- a third of the words (stems) of its title and request. `shared` of `words` is how many. Index: petition_search_idx.
-- not null: words, whole_title
with own as (
    select
        p.id,
        tsvector_to_array(ts_filter(p.search, '{a,b}')) as lexemes,
        plainto_tsquery(
            case p.language when 'en' then 'english'::regconfig else 'dutch'::regconfig end, p.title
        ) as title
    from petition as p
    where p.id = :petition_id::bigint
),
sought as (
    select
        w.id, w.lexemes, w.title,
        (
            select string_agg('''' || replace(replace(l.lexeme, '\', '\\'), '''', '''''') || '''', ' | ')
            from unnest(w.lexemes) as l (lexeme)
        )::tsquery as query
    from own as w
),
ranked as (
    select
        o.id, o.title, o.stage, o.language, o.search, s.lexemes,
        o.search @@ s.title as whole_title
    from sought as s
    inner join petition as o on o.search @@ s.query
    where
        o.id <> s.id
        and o.stage in ('moderation', 'open', 'closed')
    order by whole_title desc, ts_rank('{0, 0, 0.5, 1}', o.search, s.query, 1) desc, o.id asc
    limit 50
),
found as (
    select
        r.id, r.title, r.stage, r.language, r.whole_title,
        (
            select count(*)::integer
            from unnest(tsvector_to_array(ts_filter(r.search, '{a,b}'))) as f (lexeme)
            where f.lexeme = any(r.lexemes)
        ) as shared,
        cardinality(r.lexemes) as words
    from ranked as r
)
select f.id, f.title, f.stage, c.confirmed, f.language, f.shared, f.words, f.whole_title
from found as f
inner join signature_count as c on f.id = c.petition_id
where
    f.whole_title
    or 3 * f.shared >= f.words
order by f.whole_title desc, f.shared desc, f.id asc
limit 20;
