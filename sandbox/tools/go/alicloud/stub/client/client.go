// Package client stands in for the OSS gateway, a module that the Go proxy does not serve everywhere.
// Only OSS calls of the provider use it; this project makes none.
package client

import (
	"errors"

	spi "github.com/alibabacloud-go/alibabacloud-gateway-spi/client"
)

type Client struct{ spi.ClientInterface }

func NewClient() (*Client, error) {
	return nil, errors.New("this build of the alicloud provider has no OSS gateway")
}
