module ackone.sandbox/tools/github

go 1.25.0

require (
	github.com/integrations/terraform-provider-github/v6 v6.13.0
	github.com/pulumi/pulumi-terraform-bridge/v3 v3.137.0
)

replace (
	github.com/hashicorp/terraform-exec => github.com/hashicorp/terraform-exec v0.15.0
	github.com/hashicorp/terraform-plugin-sdk/v2 => github.com/pulumi/terraform-plugin-sdk/v2 v2.0.0-20260318212141-5525259d096b
)
