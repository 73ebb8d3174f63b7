-- Following: requested, confirmed, changed and stopped by the owner of an address, without an account.

-- name: follow_ask!
-- Store a request to follow something and queue the mail that asks to confirm it, at most five mails in an hour for one
-- address. It writes the same rows for known and unknown addresses. Locks the row of the address in mail_allowance.
-- Indexes: mail_allowance_pkey, follow_request_pkey.
with allowed as (
    insert into mail_allowance as a (address_index, since, mails)
    values (:address_index::bytea, :now::timestamptz, 1)
    on conflict (address_index) do update
        set
            since = case when a.since <= excluded.since - interval '1 hour' then excluded.since else a.since end,
            mails = case when a.since <= excluded.since - interval '1 hour' then 1 else a.mails + 1 end
        where
            a.mails < 5
            or a.since <= excluded.since - interval '1 hour'
    returning a.address_index
),
asked as (
    insert into follow_request (key, address_index, data_key, contact, language, topic, what, how, asked_at)
    select
        :key::bytea, a.address_index, :data_key::bytea, :contact::bytea, :language::text,
        :topic::text, :what::text[], :how::text, :now::timestamptz
    from allowed as a
    returning key
)
insert into outbox (kind, priority, petition_id, token_id, created_at, next_at)
select 'follow_confirm', 1, :petition_id::bigint, r.key, :now::timestamptz, :now::timestamptz
from asked as r;

-- name: follow_link_ask!
-- Queue the mail with the link to everything that an address follows, at most five mails in an hour for one address.
-- For an address that follows nothing a row without recipient is written too, so that the time is the same. Locks the
-- row of the address in mail_allowance. Indexes: mail_allowance_pkey, follower_address_key.
with allowed as (
    insert into mail_allowance as a (address_index, since, mails)
    values (:address_index::bytea, :now::timestamptz, 1)
    on conflict (address_index) do update
        set
            since = case when a.since <= excluded.since - interval '1 hour' then excluded.since else a.since end,
            mails = case when a.since <= excluded.since - interval '1 hour' then 1 else a.mails + 1 end
        where
            a.mails < 5
            or a.since <= excluded.since - interval '1 hour'
    returning a.address_index
)
insert into outbox (kind, priority, follower_id, created_at, next_at)
select 'follow_link', 1, f.id, :now::timestamptz, :now::timestamptz
from
    allowed as a
left join follower as f on a.address_index = f.address_index;

-- name: follow_request_find^
-- A request to follow by the key of its link, with the present follower of its address. Indexes: follow_request_pkey,
-- follower_address_key.
-- one of few words: how
select
    r.topic, r.what, r.how, r.asked_at, r.confirmed_at, f.id as follower_id, f.key as follower_key
from
    follow_request as r
left join follower as f on r.address_index = f.address_index
where
    r.key = :key::bytea;

-- name: follow_confirm^
-- Confirm a request: the address becomes a follower (or is one), and follows the topic with these choices. No row: there
-- is no such pending request, it is too old, or the address has reached its maximum. Locks the request first, so that
-- confirming twice is the same as once. Indexes: follow_request_pkey, follower_address_key, follow_topic_key.
-- one of few words: how
with waiting as (
    select
        r.key, r.address_index, r.data_key, r.contact, r.language, r.topic, r.what, r.how
    from
        follow_request as r
    where
        r.key = :key::bytea
        and r.confirmed_at is null
        and r.asked_at > :asked_after::timestamptz
    for update
),
fitting as (
    select w.*
    from
        waiting as w
    where
        (
            select count(*)
            from
                follower as f
            inner join follow as o on f.id = o.follower_id
            where
                f.address_index = w.address_index
                and o.topic <> w.topic
        ) < :most::integer
),
known as (
    insert into follower as f (address_index, key, salt, data_key, contact, language, created_at)
    select
        w.address_index, :follower_key::bytea, w.key, w.data_key, w.contact, w.language, :now::timestamptz
    from fitting as w
    on conflict (address_index) do update
        set
            language = excluded.language
    returning f.id, f.key
),
followed as (
    insert into follow as o (follower_id, key, topic, what, how, confirmed_at)
    select
        k.id, :follow_key::bytea, w.topic, w.what, w.how, :now::timestamptz
    from
        fitting as w
    cross join known as k
    on conflict (follower_id, topic) do update
        set
            what = excluded.what,
            how = excluded.how
    returning o.id
),
moved as (
    update follow_request as r
    set
        confirmed_at = :now::timestamptz,
        contact = null,
        data_key = null
    from
        fitting as w
    where
        r.key = w.key
    returning r.topic, r.what, r.how
)
select
    k.id as follower_id, k.key as follower_key, m.topic, m.what, m.how
from
    known as k
cross join moved as m
where
    exists (select 1 from followed);

-- name: follower_find^
-- A follower by the key of the management link. Index: follower_pkey.
select
    f.id, f.key, f.salt, f.data_key, f.contact, f.language
from
    follower as f
where
    f.id = :follower_id::bigint
    and f.key = :key::bytea;

-- name: follows_find
-- The follows of a follower, the oldest first, with the public title of a petition.
-- Indexes: follow_topic_key, petition_pkey.
-- one of few words: how
select
    o.id, o.topic, o.what, o.how, o.confirmed_at,
    case when not p.text_hidden and p.stage <> 'removed' then p.title end as title,
    p.language as title_language
from
    follow as o
left join petition as p on p.id = case when starts_with(o.topic, 'petition:') then split_part(o.topic, ':', 2)::bigint end
where
    o.follower_id = :follower_id::bigint
order by
    o.confirmed_at, o.id;

-- name: follow_find^
-- One follow by the key of its unsubscribe link, with the key of its follower. Index: follow_pkey.
select
    o.id, o.topic, f.id as follower_id, f.key as follower_key
from
    follow as o
inner join follower as f on o.follower_id = f.id
where
    o.id = :follow_id::bigint
    and o.key = :key::bytea;

-- name: follow_change$
-- Change the choices of one follow of a follower. No row: it is stopped. Indexes: follow_pkey, follower_pkey.
update follow as o
set
    what = :what::text[],
    how = :how::text
from
    follower as f
where
    o.id = :follow_id::bigint
    and f.id = o.follower_id
    and f.id = :follower_id::bigint
    and f.key = :key::bytea
returning o.id;

-- name: follower_speak!
-- Set the language of the mails to a follower. Index: follower_pkey.
update follower
set
    language = :language::text
where
    id = :follower_id::bigint
    and key = :key::bytea;

-- name: follower_lock$
-- Lock a follower before a follow is stopped, so that the later of two concurrent stops sees the other. No row:
-- everything is stopped already. Index: follower_pkey.
select f.id
from
    follower as f
where
    f.id = :follower_id::bigint
    and f.key = :key::bytea
for update;

-- name: follows_stop!
-- Stop one follow (:follow_id), those with these frequencies (:hows), or all of a follower that is locked.
-- Index: follow_topic_key.
delete from follow
where
    follower_id = :follower_id::bigint
    and (:follow_id::bigint is null or id = :follow_id::bigint)
    and (:hows::text[] is null or how = any(:hows::text[]));

-- name: followers_forget_idle!
-- Delete those of these followers that follow nothing any more, with their pending mail and their requests.
-- Indexes: follower_pkey, follow_topic_key, follow_request_address_idx, outbox_follower_idx, follow_told_follower_idx.
with idle as (
    delete from follower as f
    where
        f.id = any(:follower_ids::bigint[])
        and not exists (select 1 from follow as o where o.follower_id = f.id)
    returning f.address_index
)
delete from follow_request as r
using idle as i
where
    r.address_index = i.address_index;

-- name: followers_of_petition_lock
-- Lock all followers of a petition, in one order, before checking which of them follow nothing else. Index:
-- follow_topic_idx.
select f.id
from
    follower as f
where
    f.id in (select o.follower_id from follow as o where o.topic = 'petition:' || :petition_id::bigint)
order by
    f.id
for update;

-- name: follows_of_petition_stop!
-- Stop all follows of a petition, because its personal data is erased. Index: follow_topic_idx.
delete from follow
where
    topic = 'petition:' || :petition_id::bigint;

-- name: follow_requests_forget!
-- Delete requests past their retention period, and allowances whose hour is over. Indexes: follow_request_asked_idx,
-- mail_allowance_since_idx.
with hours as (
    delete from mail_allowance where since <= :now::timestamptz - interval '1 hour'
)
delete from follow_request
where
    asked_at <= :asked_before::timestamptz;

-- name: follow_told_forget$
-- Delete the next old rows of follow_told, at most `most`; returns how many. Index: follow_told_done_idx.
with old as (
    select
        t.petition_id, t.event_id, t.follower_id
    from
        follow_told as t
    where
        t.outbox_id is not null
        and t.due_at < :now::timestamptz - interval '30 days'
    order by
        t.due_at
    limit :most::integer
    for update skip locked
),
gone as (
    delete from follow_told as t
    using old as o
    where
        t.petition_id = o.petition_id
        and t.event_id = o.event_id
        and t.follower_id = o.follower_id
    returning t.petition_id
)
select count(*) from gone;
