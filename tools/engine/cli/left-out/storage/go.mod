module cloud.google.com/go/storage

go 1.25.11

require google.golang.org/api v0.290.0
