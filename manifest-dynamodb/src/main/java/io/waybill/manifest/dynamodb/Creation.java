package io.waybill.manifest.dynamodb;

import java.util.Map;

/** What a table is given beside its layout when it is made. */
record Creation(boolean deletionProtection, boolean pointInTimeRecovery, Map<String, String> tags) {}
