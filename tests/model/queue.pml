/* SPDX-License-Identifier: BSD-3-Clause */
/* The way of records from log calls to the I/O thread, as a model for spin: the ring,
 * the gate, the flag by which a sleeper is woken, and the worker's mailbox. What is one
 * atomic operation in core/ is one step here. checks.sh says what must hold, and which
 * broken variants must be found:
 *   CANCELLED   a thread can end in the call that wakes (write as a cancellation point)
 *   LOOKS_ONCE  the sleeper does not look again after it has armed the flag
 *   LATE_SLOT   a record is announced before its slot is taken
 *   EARLY_GATE  the gate closes for a level whose records still wait to be counted */

#ifndef PRODUCERS
#define PRODUCERS 2
#endif
#ifndef RECORDS
#define RECORDS 2
#endif
/* The first producer logs so many, each other one only one. */
#define ALL (RECORDS + PRODUCERS - 1)
#define CAPACITY 2 /* fewer than all: the ring can be full */

byte head, tail;          /* slots reserved, slots read; modulo nothing */
bool is_written[ALL];     /* committed */
byte owner[ALL], number[ALL];
bool armed, event;        /* queue.armed, the eventfd */
bool gate = true;         /* open in the hold */
bool is_heard;            /* somebody subscribes */
bool has_command, is_done; /* one command and its answer */
byte accepted, dropped, delivered, passed_over, ended;
byte last[PRODUCERS];     /* the newest number read of each */

/* zl_queue_commit: the flag is taken by one, and that one wakes. */
inline wake_sleeper() {
    if
    :: armed ->
        atomic { taken = armed; armed = false }
        if
        :: taken ->
#ifdef CANCELLED
            if
            :: event = true
            :: goto over /* the thread ends in write */
            fi
#else
            event = true
#endif
        :: else
        fi
    :: else
    fi
}

proctype producer(byte id) {
    byte i, slot;
    bool taken, has_slot;
    i = 0;
    do
    :: i < RECORDS && (id == 0 || i == 0) ->
        i++;
        if
        :: !gate -> skip /* nobody listens: not accepted */
        :: atomic { gate -> accepted++ }
#ifdef LATE_SLOT
            wake_sleeper();
#endif
            atomic { /* the compare-and-swap on the head */
                has_slot = head - tail < CAPACITY;
                if
                :: has_slot -> slot = head; head++
                :: else -> dropped++
                fi
            }
            if
            :: has_slot ->
                d_step { owner[slot] = id; number[slot] = i; is_written[slot] = true }
#ifndef LATE_SLOT
                wake_sleeper()
#endif
            :: else
            fi
        fi
    :: else -> break
    od;
over:
    ended++
}

/* zl_worker_call: the mailbox first, then the wake. */
proctype caller() {
    has_command = true;
    event = true;
    is_done
}

/* Somebody subscribes at some time; libzmq tells the I/O thread by its descriptor. */
proctype listener() {
    d_step { is_heard = true; event = true }
}

inline take_record() {
    d_step {
        assert(number[tail] > last[owner[tail]]); /* in the order of their producer */
        last[owner[tail]] = number[tail];
        if
        :: is_heard -> delivered++
        :: else -> passed_over++ /* UNHEARD */
        fi;
        tail++
    }
}

/* zl_sender: turn and rest. */
active proctype consumer() {
    byte id;
    do
    :: atomic { has_command -> has_command = false }
        is_done = true
    :: !has_command && tail < head && is_written[tail] ->
#ifdef EARLY_GATE
        gate = is_heard;
        if
        :: gate -> take_record()
        :: else -> tail++
        fi
#else
        take_record()
#endif
    :: !has_command && tail < head && !is_written[tail] -> skip /* a nap */
    :: !has_command && tail == head ->
        gate = is_heard; /* the hold is over: the gate follows the listeners */
        armed = true;
#ifdef LOOKS_ONCE
        if
        :: true ->
#else
        if
        :: tail != head || has_command -> armed = false
        :: else ->
#endif
end_asleep: /* in poll */
            event -> event = false;
            armed = false
        fi
    od
}

init {
    byte id = 0;
    atomic {
        do
        :: id < PRODUCERS -> run producer(id); id++
        :: else -> break
        od;
        run caller();
        run listener()
    }
    timeout -> /* nothing moves any more: all is done, or somebody sleeps for good */
    assert(ended == PRODUCERS);
    assert(is_done);
    assert(tail == head);
    assert(accepted == delivered + passed_over + dropped)
}
