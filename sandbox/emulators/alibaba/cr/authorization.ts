import { randomBytes } from "node:crypto";
import { action } from "../gateway/action";
import { integer, required, text } from "../gateway/parameters";
import { runningInstance } from "./lookup";

/** A temporary login for `docker login`; valid for one hour unless said otherwise, at most 24. */
export const GetAuthorizationToken = action(
  { InstanceId: required(text()), ExpiresInHours: integer({ min: 1, max: 24 }) },
  ({ InstanceId, ExpiresInHours = 1 }, cloud) => {
    runningInstance(cloud, InstanceId);
    return {
      TempUsername: "cr_temp_user",
      AuthorizationToken: randomBytes(32).toString("base64url"),
      ExpireTime: Date.now() + ExpiresInHours * 60 * 60 * 1000,
    };
  },
);
