-- Parties and members of a body that votes on motions, and the cases of its open data that belong to a petition.

-- name: party_find^
-- A party by an id of the open data, else by its short name, locked for an update. Index: party_short_name_key.
-- may be null: external_id
select
    p.id, p.slug, p.short_name, p.name, p.seats, p.active, p.source_link, p.external_ids
from
    party as p
where
    p.body = :body::text
    and (:external_id::text = any(p.external_ids) or p.short_name = :short_name::text)
order by
    (:external_id::text = any(p.external_ids)) desc, p.id
limit 1
for update;

-- name: party_add$
-- Add a party; no row where its slug exists already. Index: party_slug_key.
insert into party (body, slug, short_name, name, seats, active, source_link, external_ids)
values (
    :body::text, :slug::text, :short_name::text, :name::text, :seats::integer, :active::boolean, :source_link::text,
    :external_ids::text[]
)
on conflict (slug) do nothing
returning id;

-- name: party_change!
-- Update the name and the number of seats of a party. Index: party_pkey.
update party
set
    short_name = :short_name::text,
    name = :name::text,
    seats = :seats::integer,
    active = :active::boolean,
    source_link = :source_link::text,
    external_ids = :external_ids::text[]
where
    id = :id::bigint;

-- name: parties_of_body
-- The parties of a body, the present ones first, the largest at the top. Index: party_short_name_key.
select
    p.id, p.slug, p.short_name, p.name, p.seats, p.active, p.source_link
from
    party as p
where
    p.body = :body::text
order by
    p.active desc, p.seats desc, p.short_name asc;

-- name: party_seats
-- How many seats each party of a body has. Index: party_short_name_key.
select
    p.id, p.seats
from
    party as p
where
    p.body = :body::text;

-- name: member_find^
-- A member by an id of the open data, else by the official number, else by a unique name that no number contradicts;
-- locked for an update. Index: member_body_idx.
-- may be null: external_id
select
    m.id, m.slug, m.name, m.sort_name, m.official_number, m.source_link, m.external_ids
from
    member as m
where
    m.body = :body::text
    and (
        :external_id::text = any(m.external_ids)
        or m.official_number = :official_number::text
        or (
            (m.official_number is null or :official_number::text is null)
            and m.sort_name = :sort_name::text
            and (
                select count(*) from member as other
                where other.body = :body::text and other.sort_name = :sort_name::text
            ) = 1
        )
    )
order by
    (:external_id::text = any(m.external_ids)) desc, (m.official_number = :official_number::text) desc nulls last, m.id
limit 1
for update;

-- name: member_add$
-- Add a member; no row where the slug exists already. Index: member_slug_key.
insert into member (body, slug, name, sort_name, official_number, source_link, external_ids)
values (
    :body::text, :slug::text, :name::text, :sort_name::text, :official_number::text, :source_link::text,
    :external_ids::text[]
)
on conflict (slug) do nothing
returning id;

-- name: member_change!
-- Update the name of a member. Index: member_pkey.
update member
set
    name = :name::text,
    sort_name = :sort_name::text,
    official_number = :official_number::text,
    source_link = :source_link::text,
    external_ids = :external_ids::text[]
where
    id = :id::bigint;

-- name: membership_absorb!
-- Remove the overlap of other periods of a member in a party with a better known one. Index: party_membership_pkey.
delete from party_membership as m
where
    m.member_id = :member_id::bigint
    and m.party_id = :party_id::bigint
    and m.from_on <> :from_on::date
    and (:until_on::date is null or m.from_on <= :until_on::date)
    and (m.until_on is null or m.until_on >= :from_on::date);

-- name: membership_keep!
-- Record that a member belonged to a party from a day on, and until when; a repeat changes the last day only.
-- Index: party_membership_pkey.
insert into party_membership (member_id, party_id, from_on, until_on)
values (:member_id::bigint, :party_id::bigint, :from_on::date, :until_on::date)
on conflict (member_id, party_id, from_on) do update
set until_on = excluded.until_on;

-- name: membership_move!
-- End the membership of another party on the day before. Index: party_membership_pkey.
update party_membership
set until_on = :from_on::date - 1
where
    member_id = :member_id::bigint
    and party_id <> :party_id::bigint
    and from_on < :from_on::date
    and (until_on is null or until_on >= :from_on::date);

-- name: membership_begin!
-- Record that a member belongs to a party from a day on, where no period covers it yet. Index: party_membership_pkey.
insert into party_membership (member_id, party_id, from_on)
select :member_id::bigint, :party_id::bigint, :from_on::date
where
    not exists (
        select 1
        from party_membership as m
        where m.member_id = :member_id::bigint and m.party_id = :party_id::bigint and m.until_on is null
    )
on conflict (member_id, party_id, from_on) do update
set until_on = null;

-- name: membership_note!
-- Record that a member belonged to a party on one day, where no period covers it yet. Index: party_membership_pkey.
insert into party_membership (member_id, party_id, from_on, until_on)
select :member_id::bigint, :party_id::bigint, :day::date, :day::date
where
    not exists (
        select 1
        from party_membership as m
        where
            m.member_id = :member_id::bigint
            and m.from_on <= :day::date
            and (m.until_on is null or m.until_on >= :day::date)
    );

-- name: members_of_body
-- The members of a body with the party of each on a day, else their last one. No locks.
-- Indexes: member_body_idx, party_membership_pkey.
select
    m.id, m.slug, m.name, m.sort_name, m.source_link,
    p.id as party_id, p.slug as party_slug, p.short_name as party,
    coalesce(s.is_member, false) as is_member
from
    member as m
left join lateral (
    select
        x.party_id,
        x.from_on <= :day::date and (x.until_on is null or x.until_on >= :day::date) as is_member
    from party_membership as x
    where x.member_id = m.id
    order by is_member desc, x.from_on desc
    limit 1
) as s on true
left join party as p on s.party_id = p.id
where
    m.body = :body::text
order by
    m.sort_name, m.id;

-- name: case_link$
-- Link a case of the open data to a petition; no row where it is linked already. Index: parliament_case_pkey.
insert into parliament_case (petition_id, case_number, referral_id, linked_at, staff_id)
values (:petition_id::bigint, :case_number::text, :referral_id::bigint, :now::timestamptz, :staff_id::bigint)
on conflict (petition_id, case_number) do nothing
returning case_number;

-- name: case_link_import!
-- Link a case to a petition on behalf of the operator who runs the import; does nothing where it is linked already.
-- Index: parliament_case_pkey.
insert into parliament_case (petition_id, case_number, referral_id, linked_at)
values (:petition_id::bigint, :case_number::text, :referral_id::bigint, :now::timestamptz)
on conflict (petition_id, case_number) do nothing;

-- name: cases_of_petition
-- The cases of a petition, with the moment of their last import. No locks. Index: parliament_case_pkey.
select
    c.case_number, c.referral_id, c.linked_at, c.read_at
from
    parliament_case as c
where
    c.petition_id = :petition_id::bigint
order by
    c.case_number;

-- name: cases_linked
-- All linked cases, or those of one petition, which an import has to read. No locks.
-- Index: parliament_case_pkey.
select
    c.petition_id, c.case_number, c.referral_id
from
    parliament_case as c
where
    :petition_id::bigint is null
    or c.petition_id = :petition_id::bigint
order by
    c.petition_id, c.case_number;

-- name: case_read!
-- Record that a case was read now. Index: parliament_case_pkey.
update parliament_case
set read_at = :now::timestamptz
where
    petition_id = :petition_id::bigint
    and case_number = :case_number::text;

-- name: referral_for_import^
-- The referral of a petition to which an import belongs, where none is given: the latest to a committee of this body.
-- Index: referral_pkey.
select r.id
from
    referral as r
where
    r.petition_id = :petition_id::bigint
    and r.committee_slug = any(:committees::text[])
order by
    r.id desc
limit 1;
