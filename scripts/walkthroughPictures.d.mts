export function walkthroughPictures(): Promise<Readonly<Record<string, string>>>;
