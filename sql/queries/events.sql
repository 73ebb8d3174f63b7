-- Events: everything that happened, once, the mails that follow from it, and what those are written from.

-- name: event_record$
-- Record an event and, where people are notified, queue one outbox row from which the worker makes the mails.
-- Called in the transaction of the change itself. Index: none needed.
-- always one row
with happened as (
    insert into event (petition_id, occurred_at, kind, actor, staff_id, public, data, facts_version)
    values (
        :petition_id::bigint, :now::timestamptz, :kind::text, :actor::text, :staff_id::bigint, :public::boolean,
        :data::jsonb, :facts_version::smallint
    )
    returning id, petition_id, occurred_at
),
told as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'event', 3, h.petition_id, h.id, h.occurred_at, h.occurred_at
    from happened as h
    where :tell::boolean
    returning id
)
select h.id
from happened as h;

-- name: event_tell!
-- Queue the mails about one event to the initiator and to the clerks of the committee concerned, and the row from which
-- followers are notified. Once per event and recipient by construction. Indexes: outbox_told_key,
-- outbox_followers_key.
-- may be null: committee
with to_initiator as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'initiator', 3, :petition_id::bigint, :event_id::bigint, :now::timestamptz, :now::timestamptz
    where :to_initiator::boolean
    on conflict do nothing
),
to_followers as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'event_followers', 6, e.petition_id, e.id, :now::timestamptz, :now::timestamptz
    from event as e
    where
        e.petition_id = :petition_id::bigint
        and e.id = :event_id::bigint
        and e.public
    on conflict do nothing
)
insert into outbox (kind, priority, petition_id, event_id, staff_id, created_at, next_at)
select 'clerk', 2, :petition_id::bigint, :event_id::bigint, m.staff_id, :now::timestamptz, :now::timestamptz
from
    staff_committee as m
inner join staff as t on m.staff_id = t.id
where
    m.committee_slug = :committee::text
    and m.role = 'clerk'
    and t.active
on conflict do nothing;

-- name: event_tell_signatories^
-- Queue the mails about one event to the next signatories who asked for news, in the order of their random keys. The row
-- of the event keeps the last key in `token_id`, in the same commit, so that after a crash the work continues there; a
-- row that another worker has advanced in the meantime is left alone. Once per event and recipient by construction. When
-- nobody is left, the row is done; else it waits until `next_at` for its next turn.
-- Locks the event's row of the outbox first. Indexes: outbox_pkey, signature_news_idx, outbox_news_key.
with telling as (
    select
        o.id, o.petition_id, o.event_id, o.token_id
    from
        outbox as o
    where
        o.id = :id::bigint
        and o.sent_at is null
        and o.token_id is not distinct from :after::bytea
    for update
),
told as (
    select
        s.petition_id, s.token_id, g.event_id
    from
        telling as g
    inner join signature as s on g.petition_id = s.petition_id
    where
        s.petition_id = :petition_id::bigint
        and :to_signatories::boolean
        and s.wants_news
        and s.token_id > coalesce(:after::bytea, ''::bytea)
    order by
        s.token_id
    limit :most::integer
),
made as (
    insert into outbox (kind, priority, petition_id, event_id, token_id, created_at, next_at)
    select 'news', 6, d.petition_id, d.event_id, d.token_id, :now::timestamptz, :now::timestamptz
    from told as d
    on conflict do nothing
),
reached as (
    select
        (select count(*) from told) < :most::integer as is_done,
        (select d.token_id from told as d order by d.token_id desc limit 1) as token_id
)
update outbox as o
set
    state = case when r.is_done then 'sent' else 'waiting' end,
    sent_at = case when r.is_done then :now::timestamptz end,
    token_id = coalesce(r.token_id, o.token_id),
    next_at = :next_at::timestamptz,
    attempts = 0
from
    telling as g
cross join reached as r
where
    o.id = g.id
returning o.token_id, r.is_done;

-- name: outbox_facts
-- The facts that are needed to write the leased mails: each row with its petition and recipient. Indexes: primary keys,
-- pending_signature_token_key, signature_token_key.
select
    o.id, o.kind, o.petition_id, o.token_id, o.event_id, o.secret, o.created_at,
    p.title, p.text_hidden or p.stage = 'removed' as hidden, p.language as petition_language, p.stage,
    p.procedure_code, p.procedure_version, p.data_key, p.salt,
    p.manage_key, p.initiator_contact, p.initiator_index, p.initiator_name,
    coalesce(w.contact, s.contact) as contact,
    coalesce(w.email_index, s.email_index) as email_index,
    coalesce(w.language, s.language) as signatory_language,
    coalesce(w.kind, s.kind) as signatory_kind,
    w.token_id is not null as is_waiting,
    coalesce(s.wants_news, false) as wants_news,
    t.email as staff_email, t.name as staff_name, t.language as staff_language
from
    outbox as o
left join petition as p on o.petition_id = p.id
left join pending_signature as w on o.petition_id = w.petition_id and o.token_id = w.token_id
left join signature as s on o.petition_id = s.petition_id and o.token_id = s.token_id
left join staff as t on o.staff_id = t.id
where
    o.id = any(:ids::bigint[])
order by
    o.priority, o.id;

-- name: outbox_events
-- The events of the leased mails, each once; `written` is their data as text, for comparison. Index: event_pkey.
select
    e.petition_id, e.id, e.kind, e.data, e.facts_version, e.data::text as written, e.occurred_at
from
    event as e
where
    (e.petition_id, e.id) in (
        select a.petition_id, a.event_id
        from unnest(:petition_ids::bigint[], :event_ids::bigint[]) as a (petition_id, event_id)
    );
