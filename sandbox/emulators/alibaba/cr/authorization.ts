import { action } from "../gateway/action";
import { integer, required, text } from "../gateway/parameters";
import { temporaryLogin, temporaryUser } from "./logins";
import { runningInstance } from "./lookup";

/** A temporary login for `docker login`; valid for one hour unless said otherwise, at most 24. */
export const GetAuthorizationToken = action(
  { InstanceId: required(text()), ExpiresInHours: integer({ min: 1, max: 24 }) },
  ({ InstanceId, ExpiresInHours = 1 }, cloud) => {
    const { token, expiresAt } = temporaryLogin(runningInstance(cloud, InstanceId), ExpiresInHours);
    return { TempUsername: temporaryUser, AuthorizationToken: token, ExpireTime: expiresAt };
  },
);
