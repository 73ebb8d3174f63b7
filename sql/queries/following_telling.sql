-- Notifying followers: each event once, at once or in the next daily or weekly mail at seven.

-- name: event_topics^
-- The topics of an event of this petition, and whether the petition is public. Indexes: petition_pkey,
-- referral_pkey.
select
    p.subject, p.stage,
    p.text_hidden or p.stage = 'removed' as hidden,
    p.stage in ('open', 'closed', 'rejected', 'removed') or (p.stage = 'withdrawn' and p.opened_at is not null) as is_public,
    array(select distinct r.committee_slug from referral as r where r.petition_id = p.id) as committees
from
    petition as p
where
    p.id = :petition_id::bigint;

-- name: event_tell_followers^
-- Queue the mails about one event to the next followers who want it, in the order of their ids, and a pending row for
-- those who get it later. The event's row of the outbox keeps the last id in `token_id`, in the same commit, so that
-- after a crash the work continues there; a row that another worker has advanced meanwhile is left alone. Once per event
-- and follower by construction, however many of their follows it concerns. When nobody is left, the row is done.
-- Locks the event's row of the outbox first, then the followers in order, so that none is deleted in between.
-- Indexes: outbox_pkey, follow_topic_idx, follower_pkey, follow_told_pkey.
-- may be null: after
with telling as (
    select o.id
    from
        outbox as o
    where
        o.id = :id::bigint
        and o.sent_at is null
        and o.token_id is not distinct from :after::bytea
    for update
),
wanting as (
    select
        f.follower_id, f.how
    from
        unnest(:topics::text[], :whats::text[]) as t (topic, what)
    cross join lateral (
        select
            o.follower_id, o.how
        from
            follow as o
        where
            o.topic = t.topic
            and o.follower_id > :after_id::bigint
            and t.what = any(o.what)
            and o.confirmed_at <= :occurred_at::timestamptz
        order by
            o.follower_id
        limit :most::integer
    ) as f
    where
        exists (select 1 from telling)
),
portion as (
    select
        w.follower_id,
        bool_or(w.how = 'at_once') as at_once,
        min(case when w.how = 'weekly' then :weekly_at::timestamptz else :daily_at::timestamptz end) as later_at
    from
        wanting as w
    group by
        w.follower_id
    order by
        w.follower_id
    limit :most::integer
),
present as (
    select f.id
    from
        follower as f
    where
        f.id in (select p.follower_id from portion as p)
    order by
        f.id
    for key share
),
told as (
    insert into follow_told (petition_id, event_id, follower_id, due_at, outbox_id)
    select
        :petition_id::bigint, :event_id::bigint, p.follower_id,
        case when p.at_once then :now::timestamptz else p.later_at end,
        case when p.at_once then nextval(pg_get_serial_sequence('outbox', 'id')) end
    from
        portion as p
    inner join present as f on p.follower_id = f.id
    on conflict do nothing
    returning follower_id, outbox_id
),
queued as (
    insert into outbox (id, kind, priority, petition_id, event_id, follower_id, created_at, next_at)
    overriding system value
    select
        t.outbox_id, 'follow_news', 6, :petition_id::bigint, :event_id::bigint, t.follower_id, :now::timestamptz, :now::timestamptz
    from
        told as t
    where
        t.outbox_id is not null
),
reached as (
    select
        (select count(*) from portion) < :most::integer as is_done,
        (select max(p.follower_id) from portion as p) as follower_id
)
update outbox as o
set
    state = case when r.is_done then 'sent' else 'waiting' end,
    sent_at = case when r.is_done then :now::timestamptz end,
    token_id = coalesce(int8send(r.follower_id), o.token_id),
    next_at = :next_at::timestamptz,
    attempts = 0
from
    telling as g
cross join reached as r
where
    o.id = g.id
returning o.token_id, r.is_done;

-- name: follow_digests_queue^
-- Queue one mail for each follower of the next rows of news that are due, at most `most` rows in one commit, with all
-- news that is due for them; returns how many rows were read and how many mails were queued. Locks the followers,
-- skipping those of another worker. Rows that another worker claimed meanwhile are left to it, and no mail is empty.
-- Indexes: follow_told_due_idx, follow_told_follower_idx.
with due as (
    select t.follower_id
    from
        follow_told as t
    where
        t.outbox_id is null
        and t.due_at <= :now::timestamptz
    order by
        t.due_at, t.follower_id
    limit :most::integer
),
ours as materialized (
    select
        f.id, nextval(pg_get_serial_sequence('outbox', 'id')) as outbox_id
    from (
        select f.id
        from
            follower as f
        where
            f.id in (select d.follower_id from due as d)
        order by
            f.id
        for update skip locked
    ) as f
),
claimed as (
    update follow_told as t
    set
        outbox_id = o.outbox_id
    from
        ours as o
    where
        t.follower_id = o.id
        and t.outbox_id is null
        and t.due_at <= :now::timestamptz
    returning t.follower_id, t.outbox_id
),
queued as (
    insert into outbox (id, kind, priority, follower_id, created_at, next_at)
    overriding system value
    select distinct
        c.outbox_id, 'follow_digest', 7, c.follower_id, :now::timestamptz, :now::timestamptz
    from claimed as c
    returning id
)
select
    (select count(*) from due) as looked_at,
    (select count(*) from queued) as queued;

-- name: follow_mail_facts
-- The facts that are needed to write mails about following: each leased row with its follower, or with the request that
-- it asks to confirm. Indexes: outbox_pkey, follower_pkey, follow_request_pkey.
-- one of few words: how
select
    o.id,
    f.id as follower_id, f.key as follower_key,
    coalesce(f.salt, r.key) as salt,
    coalesce(f.data_key, r.data_key) as data_key,
    coalesce(f.contact, r.contact) as contact,
    coalesce(f.language, r.language) as language,
    r.topic, r.what, r.how
from
    outbox as o
left join follower as f on o.follower_id = f.id
left join follow_request as r on o.kind = 'follow_confirm' and o.token_id = r.key
where
    o.id = any(:ids::bigint[]);

-- name: follow_mail_follows
-- The present follows of these followers. Index: follow_topic_key.
-- one of few words: how
select
    o.follower_id, o.id, o.key, o.topic, o.what, o.how, o.confirmed_at
from
    follow as o
where
    o.follower_id = any(:follower_ids::bigint[]);

-- name: follow_mail_told
-- The events of these mails, in chronological order. Indexes: outbox_pkey, follow_told_follower_idx.
select
    o.id, t.petition_id, t.event_id
from
    outbox as o
inner join follow_told as t on o.follower_id = t.follower_id and o.id = t.outbox_id
where
    o.id = any(:ids::bigint[])
order by
    o.id, t.event_id;

-- name: follow_mail_events
-- The events of these mails, each once, with the public data of its petition. Indexes: event_pkey,
-- petition_pkey, referral_pkey.
select
    e.petition_id, e.id, e.kind, e.data, e.facts_version, e.occurred_at,
    p.title, p.language, p.subject, p.stage, p.procedure_code, p.procedure_version,
    p.text_hidden or p.stage = 'removed' as hidden,
    p.stage in ('open', 'closed', 'rejected', 'removed') or (p.stage = 'withdrawn' and p.opened_at is not null) as is_public,
    array(select distinct r.committee_slug from referral as r where r.petition_id = p.id) as committees
from
    event as e
inner join petition as p on e.petition_id = p.id
where
    (e.petition_id, e.id) in (
        select a.petition_id, a.event_id
        from unnest(:petition_ids::bigint[], :event_ids::bigint[]) as a (petition_id, event_id)
    );
