-- What several queries read in the same way: a referral with its steps, and what somebody at work may do for which
-- committees. Nothing that was there changes.

create view referral_with_steps as
select
    r.petition_id, r.id, r.threshold_code, t.required, r.committee_slug, r.effect, r.state, r.created_at, r.due_on,
    r.rapporteur, r.meeting_at, r.meeting_place, r.outcome, r.ground, r.reasons, r.next_body, r.follow_up_on,
    r.decided_at, r.version, p.procedure_code, p.procedure_version, p.language, p.title, p.stage, p.text_hidden,
    coalesce(s.steps, '[]'::jsonb) as steps
from
    referral as r
inner join petition as p on r.petition_id = p.id
inner join threshold as t on r.petition_id = t.petition_id and r.threshold_code = t.code
left join lateral (
    select
        jsonb_agg(
            jsonb_build_object(
                'step_code', x.step_code, 'kind', x.kind, 'happened_on', x.happened_on,
                'recorded_at', x.recorded_at, 'event_id', x.event_id, 'data', x.data
            )
            order by x.number
        ) as steps
    from referral_step as x
    where x.petition_id = r.petition_id and x.referral_id = r.id
) as s on true;
comment on view referral_with_steps is
'A referral with what the public may know of it: its petition, its threshold and its steps. Not who takes care of it.';

create view staff_with_roles as
select
    s.id, s.email, s.name, s.language, s.is_moderator, s.is_administrator, s.active, s.may_export, s.created_at,
    array(
        select c.committee_slug from staff_committee as c
        where c.staff_id = s.id and c.role = 'clerk'
        order by c.committee_slug
    ) as committees,
    array(
        select c.committee_slug from staff_committee as c
        where c.staff_id = s.id and c.role = 'member'
        order by c.committee_slug
    ) as sits_on
from
    staff as s;
comment on view staff_with_roles is
'Who works or worked here and what they may do: the committees of which they are a clerk, and those on which they sit.';
