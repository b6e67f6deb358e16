import { integer } from "./parameters";

/** `PageNo` counts from 1. The cloud's default page has 30 entries, the largest 100. */
export const paging = {
  PageNo: integer({ min: 1 }),
  PageSize: integer({ min: 1, max: 100 }),
};

export interface Page<T> {
  readonly PageNo: number;
  readonly PageSize: number;
  readonly total: number;
  readonly entries: T[];
}

export function page<T>(all: readonly T[], request: { PageNo?: number; PageSize?: number }): Page<T> {
  const { PageNo = 1, PageSize = 30 } = request;
  const first = (PageNo - 1) * PageSize;
  return { PageNo, PageSize, total: all.length, entries: all.slice(first, first + PageSize) };
}
