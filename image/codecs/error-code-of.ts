/** What Node gives its own errors: `Z_DATA_ERROR`, `ERR_BUFFER_TOO_LARGE`. */
export const errorCodeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
