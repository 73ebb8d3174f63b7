-- Calendars: hearings and hand-overs of committees, due days, and calendar addresses for programs.

-- name: meetings_recorded
-- The meetings of these committees, or of one petition, that were recorded or changed since a moment, with all records
-- of each in order. No locks. Indexes: referral_committee_idx or referral_pkey, referral_step_pkey.
select
    r.petition_id, r.id as referral_id, r.committee_slug, r.threshold_code, s.step_code, p.procedure_code,
    p.procedure_version, p.title, p.language, p.text_hidden,
    jsonb_agg(jsonb_build_object('recorded_at', s.recorded_at, 'data', s.data) order by s.number) as recordings
from
    referral as r
inner join petition as p on r.petition_id = p.id
inner join referral_step as s on r.petition_id = s.petition_id and r.id = s.referral_id
where
    (:petition_id::bigint is null or r.petition_id = :petition_id::bigint)
    and (:committees::text[] is null or r.committee_slug = any(:committees::text[]))
    and s.kind in ('hearing', 'hand_over', 'debate')
group by
    r.petition_id, r.id, p.id, s.step_code
having
    max(s.recorded_at) > :since::timestamptz;

-- name: desk_deadlines
-- The due days of these committees in a period, both ends included: of the next step of an open referral, or of the
-- follow-up of a decision. No locks. Index: referral_committee_idx.
-- not null: due_on
select
    r.petition_id, r.id as referral_id, r.committee_slug, p.procedure_code, p.procedure_version, p.title, p.language,
    p.text_hidden, r.version, d.kind, d.due_on
from
    referral as r
inner join petition as p on r.petition_id = p.id
cross join lateral (
    values
    ('due', case when r.state = any(:open::text[]) then r.due_on end),
    ('follow_up', case when r.state = 'decided' then r.follow_up_on end)
) as d (kind, due_on)
where
    r.committee_slug = any(:committees::text[])
    and d.due_on between :first_day::date and :last_day::date
order by
    d.due_on, r.petition_id, r.id;

-- name: desk_calendar_make!
-- Give a person a new calendar address; the previous one stops working. Index: desk_calendar_staff_key.
insert into desk_calendar (token_hash, staff_id, created_at)
values (:token_hash::bytea, :staff_id::bigint, :now::timestamptz)
on conflict (staff_id) do update
    set
        token_hash = excluded.token_hash,
        created_at = excluded.created_at;

-- name: desk_calendar_stop!
-- Stop the calendar address of a person. Index: desk_calendar_staff_key.
delete from desk_calendar
where staff_id = :staff_id::bigint;

-- name: desk_calendar_since$
-- Since when a person has a calendar address. No locks. Index: desk_calendar_staff_key.
select c.created_at
from desk_calendar as c
where c.staff_id = :staff_id::bigint;

-- name: desk_calendar_owner^
-- The owner of a calendar address, with their present committees. No locks. Index: desk_calendar_pkey.
select
    s.id, s.language,
    array(select m.committee_slug from staff_committee as m where m.staff_id = s.id order by m.committee_slug) as committees
from
    desk_calendar as c
inner join staff as s on c.staff_id = s.id
where
    c.token_hash = :token_hash::bytea
    and s.active;
