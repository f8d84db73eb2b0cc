function setupForm(page) {
  keepBadgesHonest(page);
  return { actions: [] };
}
