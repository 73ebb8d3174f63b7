-- Administration: present and former staff, and the log of changes.

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
