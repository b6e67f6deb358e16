/** The same with only the modules of the SDKs that this project uses. */
import "@pulumi/alicloud/ackone";
import "@pulumi/alicloud/cr";
import "@pulumi/alicloud/cs";
import "@pulumi/github/getRepository";
import "@pulumi/github/repository";
import "@pulumi/kubernetes/apiextensions/customResource";
import "@pulumi/kubernetes/core/v1/configMapPatch";
import "@pulumi/kubernetes/core/v1/secret";
import "@pulumi/kubernetes/provider";
import "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";

new pulumi.ComponentResource("bench:index:Empty", "empty");
