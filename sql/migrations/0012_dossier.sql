-- The dossier: the text that people signed never changes, each step knows its event, and corrections are found fast.

create function petition_text_is_fixed() returns trigger
language plpgsql
as $$
begin
    raise exception 'the text of petition % cannot change: it was opened for signing', old.id
    using errcode = 'check_violation';
end
$$;
comment on function petition_text_is_fixed() is
'What people signed stays what they signed, whatever a program tries: a text is fixed from the opening on.';

create trigger petition_text_fixed
before update of title, request, reasons, previous_action on petition
for each row
when (
    old.opened_at is not null
    and (old.title, old.request, old.reasons, old.previous_action)
    is distinct from (new.title, new.request, new.reasons, new.previous_action)
)
execute function petition_text_is_fixed();

alter table referral_step add column event_id bigint;
comment on column referral_step.event_id is
'The public event by which this step was told: its permanent address, and what a correction of its facts is made to.';

-- A step and its event were always written in one transaction, with the same moment. Where two of one code share it, the
-- order in which they were written decides.
with steps as (
    select
        s.petition_id, s.referral_id, s.number, s.step_code, s.recorded_at,
        row_number() over (
            partition by s.petition_id, s.referral_id, s.step_code, s.recorded_at
            order by s.number
        ) as place
    from referral_step as s
),
events as (
    select
        e.petition_id, e.id, (e.data ->> 'referral')::bigint as referral_id, e.data ->> 'step' as step_code, e.occurred_at,
        row_number() over (
            partition by e.petition_id, e.data ->> 'referral', e.data ->> 'step', e.occurred_at
            order by e.id
        ) as place
    from event as e
    where e.kind = 'step'
)
update referral_step as s
set
    event_id = e.id
from
    steps as t
inner join events as e
    on
        t.petition_id = e.petition_id
        and t.referral_id = e.referral_id
        and t.step_code = e.step_code
        and t.recorded_at = e.occurred_at
        and t.place = e.place
where
    s.petition_id = t.petition_id
    and s.referral_id = t.referral_id
    and s.number = t.number;

create index event_corrected_idx on event (petition_id, ((data ->> 'event')::bigint)) where kind = 'corrected';
