/** Looks again and again, `pace` milliseconds apart, until the work is over. */
export async function whileWaiting<T>(work: Promise<T>, look: () => void, pace: number): Promise<T> {
  let isOver = false;
  const again = () => {
    if (isOver) return;
    look();
    setTimeout(again, pace);
  };
  setTimeout(again, pace);
  try {
    return await work;
  } finally {
    isOver = true;
  }
}
