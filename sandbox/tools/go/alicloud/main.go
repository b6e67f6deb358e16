// The genuine Terraform provider of Alibaba Cloud behind Pulumi's bridge, limited to what the platform uses.
// The tokens are those of the npm package @pulumi/alicloud.
package main

import (
	"github.com/aliyun/terraform-provider-alicloud/alicloud"
	"github.com/hashicorp/terraform-plugin-sdk/helper/schema"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv1 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v1"
)

const version = "3.108.0"

func main() {
	tfbridge.Main("alicloud", version, tfbridge.ProviderInfo{
		P:              shimv1.NewProvider(alicloud.Provider().(*schema.Provider)),
		Name:           "alicloud",
		Version:        version,
		ResourcePrefix: "alicloud",
		Resources: map[string]*tfbridge.ResourceInfo{
			"alicloud_ack_one_cluster":               {Tok: "alicloud:ackone/cluster:Cluster"},
			"alicloud_ack_one_membership_attachment": {Tok: "alicloud:ackone/membershipAttachment:MembershipAttachment"},
			"alicloud_cr_ee_instance":                {Tok: "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance"},
			"alicloud_cr_ee_namespace":               {Tok: "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace"},
			"alicloud_cr_ee_repo":                    {Tok: "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo"},
			"alicloud_cr_endpoint_acl_policy":        {Tok: "alicloud:cr/endpointAclPolicy:EndpointAclPolicy"},
			"alicloud_cr_vpc_endpoint_linked_vpc":    {Tok: "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc"},
			"alicloud_cs_kubernetes_addon":           {Tok: "alicloud:cs/kubernetesAddon:KubernetesAddon"},
			"alicloud_cs_kubernetes_permissions":     {Tok: "alicloud:cs/kubernetesPermission:KubernetesPermission"},
			"alicloud_kms_secret":                    {Tok: "alicloud:kms/secret:Secret"},
		},
		DataSources: map[string]*tfbridge.DataSourceInfo{
			"alicloud_cr_ee_instances":       {Tok: "alicloud:cs/getRegistryEnterpriseInstances:getRegistryEnterpriseInstances"},
			"alicloud_cr_ee_namespaces":      {Tok: "alicloud:cs/getRegistryEnterpriseNamespaces:getRegistryEnterpriseNamespaces"},
			"alicloud_cr_ee_repos":           {Tok: "alicloud:cs/getRegistryEnterpriseRepos:getRegistryEnterpriseRepos"},
			"alicloud_cs_cluster_credential": {Tok: "alicloud:cs/getClusterCredential:getClusterCredential"},
		},
	}, []byte(`{"name":"alicloud","version":"`+version+`"}`))
}
