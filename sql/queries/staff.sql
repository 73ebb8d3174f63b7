-- The people at the desks: sign-in, sessions, roles, and the record of changes.

-- name: staff_by_email^
-- A member of staff by address; locks the row, so that concurrent requests for links are counted one after another.
-- Index: staff_email_key.
select s.id, s.name, s.language
from staff as s
where s.email = :email::text
and s.active
for no key update;

-- name: staff_login_create!
-- Queue the mail with a one-time link; only a hash of its secret is stored, the sealed secret is erased when sent.
-- At most five links in ten minutes for one person.
with recent as (
    select count(*) as links
    from staff_login
    where
        staff_id = :staff_id::bigint
        and created_at > :now::timestamptz - interval '10 minutes'
),
created as (
    insert into staff_login (token_hash, staff_id, created_at, expires_at)
    select :token_hash::bytea, :staff_id::bigint, :now::timestamptz, :expires_at::timestamptz
    from recent as r
    where r.links < 5
    returning staff_id
)
insert into outbox (kind, priority, staff_id, secret, created_at, next_at)
select 'staff_login', 0, c.staff_id, :secret::bytea, :now::timestamptz, :now::timestamptz
from created as c;

-- name: staff_login_use$
-- Use a link: once, in time, and only for active staff. No row: one of these fails. Index: staff_login_pkey.
update staff_login as l
set
    used_at = :now::timestamptz
from
    staff as s
where
    l.token_hash = :token_hash::bytea
    and l.used_at is null
    and l.expires_at > :now::timestamptz
    and l.staff_id = s.id
    and s.active
returning l.staff_id;

-- name: staff_session_create!
-- Begin a session. Index: none needed.
insert into staff_session (token_hash, staff_id, created_at, seen_at, expires_at)
values (:token_hash::bytea, :staff_id::bigint, :now::timestamptz, :now::timestamptz, :expires_at::timestamptz);

-- name: staff_session_find^
-- The person of a session that has not expired (by idle time or age). Index: staff_session_pkey.
with session as (
    update staff_session
    set
        seen_at = :now::timestamptz
    where
        token_hash = :token_hash::bytea
        and expires_at > :now::timestamptz
        and seen_at > :idle_since::timestamptz
    returning staff_id
)
select
    s.id,
    s.name,
    s.language,
    s.is_moderator,
    s.is_administrator,
    s.committees,
    s.sits_on
from
    session as x
inner join staff_with_roles as s on x.staff_id = s.id
where
    s.active;

-- name: staff_session_end!
-- Sign out. Index: staff_session_pkey.
delete from staff_session
where token_hash = :token_hash::bytea;

-- name: staff_add$
-- Add a member of staff, or change their roles. Index: staff_email_key.
-- always one row
insert into staff (email, name, language, is_moderator, is_administrator, created_at)
values (
    :email::text, :name::text, :language::text, :is_moderator::boolean, :is_administrator::boolean, :now::timestamptz
)
on conflict (email) do update
    set
        name = excluded.name,
        is_moderator = excluded.is_moderator,
        is_administrator = excluded.is_administrator,
        active = true
returning id;

-- name: staff_committee_add!
-- Add a person to a committee, as clerk or as member. Index: staff_committee_pkey.
insert into staff_committee (staff_id, committee_slug, role)
values (:staff_id::bigint, :committee_slug::text, :role::text)
on conflict (staff_id, committee_slug) do update set role = excluded.role;

-- name: staff_all
-- All active staff with their roles, for the start of the demonstration and the administrator. Index: none (small).
select
    s.id, s.email, s.name, s.language, s.is_moderator, s.is_administrator, s.committees, s.sits_on
from
    staff_with_roles as s
where
    s.active
order by
    s.id;

-- name: staff_traces_forget!
-- Delete expired sign-in links and sessions.
with links as (
    delete from staff_login where expires_at < :now::timestamptz - interval '1 day'
)
delete from staff_session
where expires_at < :now::timestamptz;

-- name: staff_posts
-- Present and former staff, with the time of their last session. Index: none (small).
select
    s.id, s.email, s.name, s.language, s.is_moderator, s.is_administrator, s.active, s.may_export,
    s.created_at, s.committees, s.sits_on,
    (select max(x.seen_at) from staff_session as x where x.staff_id = s.id) as seen_at
from
    staff_with_roles as s
order by
    s.active desc, s.name asc, s.id asc;

-- name: staff_post_lock^
-- One person, locked until the change is made, and the number of other active administrators (locked too, so that two
-- cannot deactivate each other at the same time). Locks staff rows by id. Index: staff_pkey.
with locked as (
    select s.id, s.is_administrator, s.active
    from staff as s
    where
        s.id = :staff_id::bigint
        or (s.is_administrator and s.active)
    order by
        s.id
    for update
)
select
    s.id, s.email, s.name, s.language, s.is_moderator, s.is_administrator, s.active, s.may_export,
    s.committees, s.sits_on,
    (select count(*) from locked as l where l.id <> s.id and l.is_administrator and l.active) as other_administrators
from
    staff_with_roles as s
where
    s.id = :staff_id::bigint
    and s.id in (select l.id from locked as l);

-- name: staff_post_change!
-- Change the roles and committees of a person. Referrals that were assigned to them as a clerk, and may be no longer,
-- become unassigned. Indexes: staff_pkey, staff_committee_pkey, referral_assigned_idx.
with left_committees as (
    delete from staff_committee as c
    where
        c.staff_id = :staff_id::bigint
        and c.committee_slug <> all(:committees::text[])
        and c.committee_slug <> all(:sits_on::text[])
),
joined as (
    insert into staff_committee (staff_id, committee_slug, role)
    select :staff_id::bigint, slug, 'clerk' from unnest(:committees::text[]) as slug
    union all
    select :staff_id::bigint, slug, 'member' from unnest(:sits_on::text[]) as slug
    on conflict (staff_id, committee_slug) do update set role = excluded.role
),
freed as (
    update referral set assigned_to = null
    where
        assigned_to = :staff_id::bigint
        and (not :active::boolean or committee_slug <> all(:committees::text[]))
)
update staff
set
    name = :name::text,
    language = :language::text,
    is_moderator = :is_moderator::boolean,
    is_administrator = :is_administrator::boolean,
    active = :active::boolean,
    may_export = :may_export::boolean
where
    id = :staff_id::bigint;

-- name: staff_post_create$
-- Add a new member of staff. No row: the address exists already. Index: staff_email_key.
insert into staff (email, name, language, created_at)
values (:email::text, :name::text, :language::text, :now::timestamptz)
on conflict (email) do nothing
returning id;

-- name: staff_sessions_end!
-- End all sessions of a person, and all unused sign-in links. Index: staff_session_staff_idx.
with links as (
    update staff_login set used_at = :now::timestamptz where staff_id = :staff_id::bigint and used_at is null
)
delete from staff_session
where staff_id = :staff_id::bigint;

-- name: staff_change_record!
-- Record a change by an administrator. Index: none needed.
insert into staff_change (staff_id, by_staff_id, occurred_at, data)
values (:staff_id::bigint, :by_staff_id::bigint, :now::timestamptz, :data::jsonb);

-- name: staff_changes
-- The latest changes, of one person or of everybody, with the names of both. Index: staff_change_pkey.
select
    c.id, c.staff_id, c.occurred_at, c.data, s.name, b.name as by_name
from
    staff_change as c
inner join staff as s on c.staff_id = s.id
inner join staff as b on c.by_staff_id = b.id
where
    :staff_id::bigint is null
    or c.staff_id = :staff_id::bigint
order by
    c.id desc
limit :most::integer;
