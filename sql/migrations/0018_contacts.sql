-- Declared contacts: who spoke with a committee about a petition.

create table contact (
    petition_id bigint not null references petition (id),
    number integer not null,
    referral_id bigint not null,
    met_on date not null,
    how text not null,
    who text not null,
    interest text not null,
    with_whom text not null,
    about text not null,
    staff_id bigint not null references staff (id),
    recorded_at timestamptz not null,
    withdrawn_at timestamptz,
    withdrawn_by bigint references staff (id),
    withdrawn_reason text,
    constraint contact_pkey primary key (petition_id, number),
    constraint contact_referral_fkey foreign key (petition_id, referral_id) references referral (petition_id, id),
    constraint contact_how_check check (how in ('meeting', 'call', 'letter', 'visit')),
    constraint contact_withdrawn_check check (
        (withdrawn_at is null) = (withdrawn_reason is null) and (withdrawn_at is null) = (withdrawn_by is null)
    )
);
comment on table contact is
'Who spoke with a committee about a petition, as the committee declares it. Public; one that was wrong is marked, not deleted.';
comment on column contact.who is
'An organisation, or a person who spoke on behalf of one. Public, kept with the petition.';
comment on column contact.with_whom is 'Members or staff of the committee, in their office.';
