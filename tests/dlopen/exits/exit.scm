;; SPDX-License-Identifier: BSD-3-Clause
;; exit.scm ENDPOINT [exit]
(use-modules (system foreign) (system foreign-library))

(define lib (load-foreign-library "libzmqlog.so.1" #:extensions '("")))
(define (declare name result . arguments)
  (foreign-library-function lib name #:return-type result #:arg-types arguments))
(define handler ((declare "zmqlog_handler_new" '*)))

((declare "zmqlog_handler_set_root_topic" int '* '*) handler (string->pointer "app"))
((declare "zmqlog_handler_connect" int '* '*)
 handler (string->pointer (cadr (command-line))))
((declare "zmqlog_handler_log" int '* int '* size_t)
 handler 20 (string->pointer "last words") 10)
(unless (null? (cddr (command-line)))
  (exit 3))
