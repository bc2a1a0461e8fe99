;; SPDX-License-Identifier: BSD-3-Clause
;; Guile: publishes, receives its own records, and shows what crosses.
;;
;;     guile hello.scm
(use-modules (system foreign) (system foreign-library) (rnrs bytevectors)
             (ice-9 format))

;; Without extensions to try, the name is taken as it is.
(define lib (load-foreign-library "libzmqlog.so.1" #:extensions '("")))

(define-syntax-rule (declare (name argument ...) result)
  (define name
    (foreign-library-function
     lib (string-map (lambda (c) (if (char=? c #\-) #\_ c))
                     (symbol->string 'name))
     #:return-type result #:arg-types (list argument ...))))

(declare (zmqlog-constant '*) int64)
(declare (zmqlog-status-name int) '*)
(declare (zmqlog-handler-new) '*)
(declare (zmqlog-handler-free '*) void)
(declare (zmqlog-handler-set-root-topic '* '*) int)
(declare (zmqlog-handler-set-style '* int '*) int)
(declare (zmqlog-handler-bind '* '*) int)
(declare (zmqlog-handler-endpoint '* int) '*)
(declare (zmqlog-handler-errmsg '*) '*)
(declare (zmqlog-handler-wait-subscriber '* '* int) int)
(declare (zmqlog-handler-log '* int '* size_t) int)
(declare (zmqlog-handler-log-record '* '*) int)
(declare (zmqlog-handler-flush '* int) int)
(declare (zmqlog-handler-count '* int) int64)
(declare (zmqlog-record-new) '*)
(declare (zmqlog-record-free '*) void)
(declare (zmqlog-record-set-level '* int) int)
(declare (zmqlog-record-set-text '* '* size_t) int)
(declare (zmqlog-record-set-time-ns '* int64) int)
(declare (zmqlog-record-set-field-int '* '* int64) int)
(declare (zmqlog-record-parse '*) int)
(declare (zmqlog-record-topic '* '*) '*)
(declare (zmqlog-record-text '* '*) '*)
(declare (zmqlog-record-time-ns '*) int64)
(declare (zmqlog-record-seq '*) uint64)
(declare (zmqlog-record-field-count '*) int)
(declare (zmqlog-record-field-key '* int '*) '*)
(declare (zmqlog-record-field-json '* int '*) '*)
(declare (zmqlog-subscriber-new) '*)
(declare (zmqlog-subscriber-free '*) void)
(declare (zmqlog-subscriber-subscribe '* '*) int)
(declare (zmqlog-subscriber-connect '* '*) int)
(declare (zmqlog-subscriber-recv '* '* int) int)

;; Names go as C strings; the collector must not free them before the call is over,
;; which an argument that is still in use prevents.
(define (name text) (string->pointer text "UTF-8"))
(define (constant text) (zmqlog-constant (name text)))

(define info (constant "LEVEL_INFO"))
(define warn (constant "LEVEL_WARN"))
(define level-error (constant "LEVEL_ERROR"))
(define sent (constant "COUNT_SENT"))

(define handler (zmqlog-handler-new))
(define subscriber (zmqlog-subscriber-new))
(define record (zmqlog-record-new))

(define (check status)
  (when (negative? status)
    (throw 'zmqlog (pointer->string (zmqlog-status-name status))
           (pointer->string (zmqlog-handler-errmsg handler)))))

;; Bytes go in and come out with their length.
(define (say level text)
  (let ((bytes (string->utf8 text)))
    (check (zmqlog-handler-log handler level (bytevector->pointer bytes)
                               (bytevector-length bytes)))))

(define (set-text text)
  (let ((bytes (string->utf8 text)))
    (check (zmqlog-record-set-text record (bytevector->pointer bytes)
                                   (bytevector-length bytes)))))

(define (copied getter)
  (let* ((length (make-bytevector (sizeof size_t)))
         (bytes (getter record (bytevector->pointer length))))
    (bytevector-copy
     (pointer->bytevector
      bytes (bytevector-uint-ref length 0 (native-endianness) (sizeof size_t))))))

(define (topic) (utf8->string (copied zmqlog-record-topic)))
(define (text) (utf8->string (copied zmqlog-record-text)))
(define (receive) (check (zmqlog-subscriber-recv subscriber record 10000)))

(define (field key)
  (let look ((index 0))
    (if (string=? key (pointer->string
                       (zmqlog-record-field-key record index %null-pointer)))
        (pointer->string (zmqlog-record-field-json record index %null-pointer))
        (look (1+ index)))))

(check (zmqlog-handler-set-root-topic handler (name "myprogram")))
(check (zmqlog-handler-set-style handler level-error (name "json")))
(check (zmqlog-handler-bind handler (name "tcp://127.0.0.1:*")))
(check (zmqlog-subscriber-subscribe subscriber (name "myprogram")))
(check (zmqlog-subscriber-connect subscriber (zmqlog-handler-endpoint handler 0)))
(check (zmqlog-handler-wait-subscriber handler %null-pointer 10000))

(say info "hello there")
(say warn "sub.topic::hello there")
(for-each (lambda (_) (receive) (format #t "~a ~a\n" (topic) (text))) '(1 2))

(say info "a\x00b")
(receive)
(let ((bytes (bytevector->u8-list (copied zmqlog-record-text))))
  (format #t "~a ~a bytes:~{ ~2,'0x~}\n" (topic) (length bytes) bytes))

;; Time and fields travel in style json. 64 bits arrive as they left.
(check (zmqlog-record-set-level record level-error))
(set-text "late")
(check (zmqlog-record-set-time-ns record 1700000000123456789))
(check (zmqlog-record-set-field-int record (name "id") 9007199254740993))
(check (zmqlog-handler-log-record handler record))
(receive)
(check (zmqlog-record-parse record))
(format #t "~a ~a at ~a number ~a id ~a\n" (topic) (text)
        (zmqlog-record-time-ns record) (zmqlog-record-seq record) (field "id"))

(set-text (string-append "{\"msg\":\"from elsewhere\",\"epoch\":\"00000000000000ff\","
                         "\"seq\":18446744073709551615}"))
(check (zmqlog-record-parse record))
(format #t "~a number ~a\n" (text) (zmqlog-record-seq record))

(check (zmqlog-handler-flush handler 10000))
(format #t "sent ~a\n" (zmqlog-handler-count handler sent))
(catch 'zmqlog
  (lambda () (check (zmqlog-handler-bind handler (name "tcp://nowhere"))))
  (lambda (_ status detail) (format #t "~a: ~a\n" status detail)))

(zmqlog-subscriber-free subscriber)
(zmqlog-record-free record)
(zmqlog-handler-free handler)
