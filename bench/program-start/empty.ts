/** An empty program: the three SDKs, and one resource so that there is a first registration. */
import "@pulumi/alicloud";
import "@pulumi/github";
import "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

new pulumi.ComponentResource("bench:index:Empty", "empty");
