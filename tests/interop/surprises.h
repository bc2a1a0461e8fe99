/* SPDX-License-Identifier: BSD-3-Clause */
/* What libzmq does that a log must not suffer from. For each surprise there is a piece
 * of plain libzmq that shows it, and what this library promises instead. */
#ifndef SURPRISES_H
#define SURPRISES_H

/* Shows it: 1 when this libzmq behaves so, 0 when it does not (any more). */
int libzmq_cancels_for_others(void);
int libzmq_relays_cancels_for_others(void);
int libzmq_tells_everything_to_a_web_client(void);
int libzmq_aborts_on_heartbeats(void);
int libzmq_damages_long_prefixes(void);
int libzmq_forgets_subscriptions(void);
int libzmq_gives_up_after_a_giant(void);
int libzmq_removes_files(void);
int libzmq_waits_for_who_monitors(void);
int libzmq_tells_of_one_loss_in_many(void);
int libzmq_lets_all_keys_in(void);
int libzmq_leaves_the_port_to_a_child(void);
int libzmq_loses_what_exit_finds(void);
int libzmq_spins_without_descriptors(void);
int libzmq_resubscribes_only_when_asked(void);

/* What holds with any libzmq. */
void we_ask_before_we_believe_a_cancel(void);
void we_serve_listeners_beside_a_relay(void);
void we_tell_web_clients_nothing(void);
void we_survive_a_stalled_reader(void);
void we_refuse_long_prefixes(void);
void we_keep_all_subscriptions(void);
void we_try_again_after_a_refusal(void);
void we_keep_files(void);
void we_do_not_wait_for_the_program(void);
void we_count_each_loss(void);
void we_let_no_other_key_in(void);
void we_leave_a_child_no_port(void);
void we_deliver_at_exit(void);
void we_recover_descriptors(void);
void we_resubscribe_by_ourselves(void);

/* Runs this program again as `role`, with one argument; returns the wait status.
 * Meanwhile it calls `socket`, if there is one, because libzmq's sockets work only
 * within calls. */
int surprises_child(const char *role, const char *argument, void *socket);
/* Plays that role and returns its exit status; -1: there is no such role. */
int surprises_role(const char *role, const char *argument);
int surprises_loss_role(const char *role, const char *argument);

#endif
