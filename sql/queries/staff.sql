-- Staff: one-time sign-in links, sessions on the server, roles.

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

-- name: committee_record!
-- Record a committee of the data files in the database. Index: committee_pkey.
insert into committee (slug, body)
values (:slug::text, :body::text)
on conflict (slug) do update set body = excluded.body;

-- name: procedure_record$
-- Record a procedure version; returns the hash that the database already has for it. Index: procedure_version_pkey.
with given as (
    insert into procedure_version (code, version, body, content_hash, loaded_at)
    values (:code::text, :version::integer, :body::text, :content_hash::text, :now::timestamptz)
    on conflict (code, version) do nothing
    returning content_hash
)
select content_hash from given
union all
select v.content_hash from procedure_version as v
where v.code = :code::text and v.version = :version::integer
limit 1;

-- name: procedure_in_use$
-- Whether a petition is pinned to this version. Index: none (only when a file has changed).
select exists(
    select 1 from petition as p
    where p.procedure_code = :code::text and p.procedure_version = :version::integer and p.stage <> 'draft'
);

-- name: procedure_replace!
-- Replace the hash of a version that no petition is pinned to. Index: procedure_version_pkey.
update procedure_version
set content_hash = :content_hash::text
where code = :code::text and version = :version::integer;
