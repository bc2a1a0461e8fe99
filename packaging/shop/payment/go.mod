module zmqlog.quickstart/payment

go 1.19

require github.com/libzmqlog/libzmqlog/bindings/go v0.0.0

replace github.com/libzmqlog/libzmqlog/bindings/go => ../../../bindings/go
