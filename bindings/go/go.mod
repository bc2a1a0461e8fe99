module github.com/libzmqlog/libzmqlog/bindings/go

go 1.19
