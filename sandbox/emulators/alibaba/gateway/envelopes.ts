import type { Envelope } from "./action";
import { ApiError, type BusinessError } from "./errors";

const gatewayError = (error: ApiError, requestId: string, host: string) => ({
  status: error.status,
  body: {
    RequestId: requestId,
    HostId: host,
    Code: error.code,
    Message: error.message,
    Recommend: `https://api.aliyun.com/troubleshoot?q=${error.code}`,
    ...error.details,
  },
});

const asApiError = (error: ApiError | BusinessError) =>
  error instanceof ApiError ? error : new ApiError(400, error.code, error.message);

/** Products that answer with their result and a request id only (adcp, location). */
export const plain: Envelope = {
  success: (result, requestId) => ({ ...result, RequestId: requestId }),
  failure: (error, requestId, host) => gatewayError(asApiError(error), requestId, host),
};

/** cr: `Code` and `IsSuccess` in every answer, refusals of the product with HTTP 200. */
export const isSuccess: Envelope = {
  success: (result, requestId) => ({ Code: "success", IsSuccess: true, ...result, RequestId: requestId }),
  failure: (error, requestId, host) =>
    error instanceof ApiError && error.status !== 200
      ? gatewayError(error, requestId, host)
      : { status: 200, body: { RequestId: requestId, Code: error.code, IsSuccess: false } },
};

/** BssOpenApi: `Code: "Success"`, the result in `Data`. */
export const bssData: Envelope = {
  success: (result, requestId) => ({
    Code: "Success",
    Message: "Successful!",
    Success: true,
    RequestId: requestId,
    Data: result,
  }),
  failure: (error, requestId, host) => gatewayError(asApiError(error), requestId, host),
};

/** REST style products: the bare result, errors in lower case. */
export const rest: Envelope = {
  success: (result, requestId) => (Array.isArray(result) ? result : { ...result, request_id: requestId }),
  failure: (error, requestId) => {
    const { status, code, message, details } = asApiError(error);
    return { status, body: { status, code, message, requestId, ...details } };
  },
};
