// The genuine Terraform provider of GitHub behind Pulumi's bridge, limited to what the platform uses.
// The tokens are those of the npm package @pulumi/github.
package main

import (
	"github.com/integrations/terraform-provider-github/v6/github"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

const version = "6.15.0"

func main() {
	tfbridge.Main("github", version, tfbridge.ProviderInfo{
		P:              shimv2.NewProvider(github.NewProvider("6.13.0", "")()),
		Name:           "github",
		Version:        version,
		ResourcePrefix: "github",
		Resources: map[string]*tfbridge.ResourceInfo{
			"github_repository":            {Tok: "github:index/repository:Repository"},
			"github_branch":                {Tok: "github:index/branch:Branch"},
			"github_branch_default":        {Tok: "github:index/branchDefault:BranchDefault"},
			"github_branch_protection":     {Tok: "github:index/branchProtection:BranchProtection"},
			"github_repository_deploy_key": {Tok: "github:index/repositoryDeployKey:RepositoryDeployKey"},
			"github_repository_webhook":    {Tok: "github:index/repositoryWebhook:RepositoryWebhook"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"github_repository": {Tok: "github:index/getRepository:getRepository"},
		},
	}, []byte(`{"name":"github","version":"`+version+`"}`))
}
