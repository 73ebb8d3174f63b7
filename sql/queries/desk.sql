-- The committee's desk: its work list, the assignment of referrals, and private notes.

-- name: desk_referrals
-- A page of the referrals of these committees in these states that match the filters, with the steps that were taken.
-- Those with a deadline come first, the most urgent at the top; then the ones that have waited longest. No locks.
-- Indexes: referral_committee_idx, referral_pkey, petition_pkey, threshold_pkey, referral_step_pkey.
with listed as (
    select
        r.petition_id, r.id, r.assigned_to, count(*) over () as total
    from
        referral as r
    inner join petition as p on r.petition_id = p.id
    where
        r.committee_slug = any(:committees::text[])
        and r.state = any(:states::text[])
        and (not :promised::boolean or r.follow_up_on is not null)
        and (:mine::bigint is null or r.assigned_to = :mine::bigint or r.rapporteur_id = :mine::bigint)
        and (not :unassigned::boolean or r.assigned_to is null)
        and (:rapporteur::bigint is null or r.rapporteur_id = :rapporteur::bigint)
        and (:procedure::text is null or p.procedure_code = :procedure::text)
        and (not :overdue::boolean or r.due_on < (:now::timestamptz at time zone p.timezone)::date)
        and (:words::text is null or strpos(search_folded(p.title), search_folded(:words::text)) > 0)
    order by
        r.decided_at desc nulls first,
        r.due_on asc nulls last,
        r.created_at asc,
        r.id asc
    limit :size::integer offset :skipped::integer
)
select
    r.petition_id, r.id, r.threshold_code, r.required, r.committee_slug, r.effect, r.state, r.created_at, r.due_on,
    r.outcome, r.ground, r.follow_up_on, r.decided_at, r.rapporteur, r.procedure_code, r.procedure_version, r.language,
    r.title, r.stage, r.text_hidden, c.confirmed, l.assigned_to, a.name as assigned_name, r.steps, l.total
from
    listed as l
inner join referral_with_steps as r on l.petition_id = r.petition_id and l.id = r.id
inner join signature_count as c on r.petition_id = c.petition_id
left join staff as a on l.assigned_to = a.id
order by
    r.decided_at desc nulls first,
    r.due_on asc nulls last,
    r.created_at asc,
    r.id asc;

-- name: desk_haste^
-- How many referrals of these committees are overdue, due today, and unassigned, in the time zone of each body.
-- No locks. Index: referral_committee_idx.
select
    count(*) filter (where r.due_on < (:now::timestamptz at time zone p.timezone)::date) as overdue,
    count(*) filter (where r.due_on = (:now::timestamptz at time zone p.timezone)::date) as today,
    count(*) filter (where r.assigned_to is null) as unassigned
from
    referral as r
inner join petition as p on r.petition_id = p.id
where
    r.committee_slug = any(:committees::text[])
    and r.state = any(:states::text[]);

-- name: desk_choices
-- The choices of the filters for the list of these committees: procedures that occur, and members who are rapporteur.
-- No locks. Index: referral_committee_idx.
select distinct
    p.procedure_code, r.rapporteur_id, s.name as rapporteur_name
from
    referral as r
inner join petition as p on r.petition_id = p.id
left join staff as s on r.rapporteur_id = s.id
where
    r.committee_slug = any(:committees::text[]);

-- name: desk_charge^
-- The assigned clerk of a referral and its rapporteur. No locks. Index: referral_pkey.
select
    r.assigned_to, a.name as assigned_name, r.rapporteur_id
from
    referral as r
left join staff as a on r.assigned_to = a.id
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint;

-- name: committee_people
-- The present clerks and members of a committee, by name. No locks. Index: staff_committee_committee_idx.
select
    s.id, s.name, m.role
from
    staff_committee as m
inner join staff as s on m.staff_id = s.id
where
    m.committee_slug = :committee::text
    and s.active
order by
    s.name, s.id;

-- name: referral_assign$
-- Assign a referral to a clerk of its committee, or to nobody, if the assignment has not changed since it was read;
-- returns the committee. No row: it has changed, or the person is no clerk of the committee. Indexes: referral_pkey,
-- staff_committee_pkey.
-- may be null: seen
update referral as r
set
    assigned_to = :assigned_to::bigint
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint
    and r.assigned_to is not distinct from :seen::bigint
    and r.committee_slug = any(:committees::text[])
    and (
        :assigned_to::bigint is null
        or exists (
            select 1
            from staff_committee as m
            inner join staff as s on m.staff_id = s.id
            where
                m.staff_id = :assigned_to::bigint
                and m.committee_slug = r.committee_slug
                and m.role = 'clerk'
                and s.active
        )
    )
returning r.committee_slug;

-- name: referral_member$
-- The name of a member of the committee, who may be rapporteur. Index: staff_committee_pkey.
select s.name
from
    staff_committee as m
inner join staff as s on m.staff_id = s.id
where
    m.staff_id = :staff_id::bigint
    and m.committee_slug = :committee::text
    and m.role = 'member'
    and s.active;

-- name: referral_notes
-- The private notes about a referral, the latest first. No locks. Index: referral_note_pkey.
select
    n.id, n.staff_id, s.name, n.text, n.created_at
from
    referral_note as n
inner join staff as s on n.staff_id = s.id
where
    n.petition_id = :petition_id::bigint
    and n.referral_id = :referral_id::bigint
order by
    n.id desc;

-- name: referral_note_add$
-- Add a note, if the referral belongs to one of these committees. Index: referral_pkey.
insert into referral_note (petition_id, referral_id, staff_id, text, created_at)
select r.petition_id, r.id, :staff_id::bigint, :text::text, :now::timestamptz
from referral as r
where
    r.petition_id = :petition_id::bigint
    and r.id = :referral_id::bigint
    and r.committee_slug = any(:committees::text[])
returning id;

-- name: referral_note_delete$
-- Delete a note of one's own. Index: referral_note_pkey.
delete from referral_note
where
    petition_id = :petition_id::bigint
    and referral_id = :referral_id::bigint
    and id = :note_id::bigint
    and staff_id = :staff_id::bigint
returning id;
