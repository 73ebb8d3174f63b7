-- Following without an account: wishes that wait for confirmation, followers, what they follow, and what they were told.

create table follow_request (
    key bytea not null,
    address_index bytea not null,
    data_key bytea,
    contact bytea,
    language text not null,
    topic text not null,
    what text[] not null,
    how text not null,
    asked_at timestamptz not null,
    confirmed_at timestamptz,
    constraint follow_request_pkey primary key (key),
    constraint follow_request_key_check check (octet_length(key) = 16),
    constraint follow_request_index_check check (octet_length(address_index) = 16),
    constraint follow_request_language_check check (language ~ '^[a-z]{2,3}$'),
    constraint follow_request_how_check check (how in ('at_once', 'daily', 'weekly')),
    constraint follow_request_waiting_check check ((confirmed_at is null) = (contact is not null and data_key is not null))
);
comment on table follow_request is
'Wishes to follow something, until the owner of the address confirms. Forgotten after 7 days, confirmed or not.';
comment on column follow_request.key is 'Random part of the confirmation link; binds the encrypted address to its row.';
comment on column follow_request.address_index is 'Keyed hash of the canonical address; of no use to find a signature by.';
comment on column follow_request.data_key is 'Data key of this address, wrapped. Moves to the follower when confirmed.';
comment on column follow_request.contact is 'The address, encrypted. Emptied (moved) when confirmed, deleted after 7 days.';
create index follow_request_asked_idx on follow_request (asked_at);
create index follow_request_address_idx on follow_request (address_index);

create table follower (
    id bigint generated always as identity,
    address_index bytea not null,
    key bytea not null,
    salt bytea not null,
    data_key bytea not null,
    contact bytea not null,
    language text not null,
    created_at timestamptz not null,
    constraint follower_pkey primary key (id),
    constraint follower_address_key unique (address_index),
    constraint follower_key_check check (octet_length(key) = 16),
    constraint follower_language_check check (language ~ '^[a-z]{2,3}$')
);
comment on table follower is
'An address that follows something, confirmed by its owner. Deleted at once when it follows nothing any more.';
comment on column follower.address_index is
'Keyed hash of the canonical address, under a key of its own: it does not lead to a signature of the same person.';
comment on column follower.key is 'Random part of the link by which everything is changed or stopped.';
comment on column follower.salt is 'Random; binds data key and address to this row.';
comment on column follower.data_key is 'Data key of this address alone, wrapped by a key outside the database.';
comment on column follower.contact is 'The address, encrypted under data_key. Kept while it follows something.';

create table follow (
    id bigint generated always as identity,
    follower_id bigint not null,
    key bytea not null,
    topic text not null,
    what text[] not null,
    how text not null,
    confirmed_at timestamptz not null,
    constraint follow_pkey primary key (id),
    constraint follow_topic_key unique (follower_id, topic),
    constraint follow_follower_id_fkey foreign key (follower_id) references follower (id) on delete cascade,
    constraint follow_key_check check (octet_length(key) = 16),
    constraint follow_topic_check check (topic ~ '^(all|petition:[0-9]+|committee:.+|subject:[a-z]+)$'),
    constraint follow_what_check check (
        cardinality(what) > 0 and what <@ array['petitions', 'milestones', 'steps', 'decisions', 'news']
    ),
    constraint follow_how_check check (how in ('at_once', 'daily', 'weekly'))
);
comment on table follow is
'What a follower follows, which news of it, and how often. A political interest: deleted when its owner stops it, and
with the personal data of the petition that it is about.';
comment on column follow.key is 'Random part of the link that stops this one.';
create index follow_topic_idx on follow (topic, follower_id);

create table follow_told (
    petition_id bigint not null,
    event_id bigint not null,
    follower_id bigint not null,
    due_at timestamptz not null,
    outbox_id bigint,
    constraint follow_told_pkey primary key (petition_id, event_id, follower_id),
    constraint follow_told_event_fkey foreign key (petition_id, event_id) references event (petition_id, id),
    constraint follow_told_follower_id_fkey foreign key (follower_id) references follower (id) on delete cascade
);
comment on table follow_told is
'Which event goes to which follower, once: waiting until due_at, or in the mail outbox_id. Forgotten 30 days after that.';
create index follow_told_follower_idx on follow_told (follower_id, outbox_id);
create index follow_told_due_idx on follow_told (due_at, follower_id) where outbox_id is null;
create index follow_told_done_idx on follow_told (due_at) where outbox_id is not null;

create table mail_allowance (
    address_index bytea not null,
    since timestamptz not null,
    mails integer not null,
    constraint mail_allowance_pkey primary key (address_index)
);
comment on table mail_allowance is
'How many mails strangers asked for an address within the hour, so that nobody is mailed too often. Forgotten after it.';
comment on column mail_allowance.address_index is 'Keyed hash of the address. Kept for an hour.';
create index mail_allowance_since_idx on mail_allowance (since);

alter table outbox add column follower_id bigint;
alter table outbox add constraint outbox_follower_id_fkey
foreign key (follower_id) references follower (id) on delete cascade;
create index outbox_follower_idx on outbox (follower_id) where follower_id is not null;
create unique index outbox_followers_key on outbox (petition_id, event_id) where kind = 'event_followers';
