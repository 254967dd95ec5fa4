/** A limit for what is awaited. `watchdog` of tools/ ends the process; this one fails a case, and the next one runs. */

/** `promise`, unless it takes longer: then an error with `describe()`. */
export async function within<T>(seconds: number, describe: () => string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`watchdog: nothing for ${seconds} s; ${describe()}`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
