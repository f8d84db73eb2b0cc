// Files that go with a request or a message.

const MEGABYTE = 1024 * 1024;

// What becomes of files that somebody chooses beside those `taken` already: those that are
// `added`, and of each other why it is not.
export function sorted(chosen, taken, limits) {
  const [added, refused] = [[], []];
  for (const file of chosen) {
    const why = whyNotTaken(file, [...taken, ...added], limits);
    if (why) refused.push(why);
    else added.push(file);
  }
  return { added, refused };
}

// Why a file is not taken beside those that are: the name of the label that says it, and
// its values; null if nothing stands against it.
export function whyNotTaken({ name, size }, taken, limits) {
  const { most, megabytes, megabytes_of_all, types } = limits;
  if (taken.length >= most) return ["too_many_files", most];
  const ending = name.includes(".") ? name.split(".").pop().toLowerCase() : "";
  if (!types.includes(ending)) return ["file_type", name];
  if (size > megabytes * MEGABYTE) return ["too_large", name, megabytes];
  const together = taken.reduce((sum, each) => sum + each.size, size);
  if (together > megabytes_of_all * MEGABYTE) return tooLargeTogether(limits);
  return null;
}

export function tooLargeTogether({ megabytes_of_all }) {
  return ["too_large_together", megabytes_of_all];
}

export async function asSent(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts = [];
  // A call takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 0x8000) {
    parts.push(String.fromCharCode(...bytes.subarray(start, start + 0x8000)));
  }
  return { file_name: file.name, content_base64: btoa(parts.join("")) };
}
