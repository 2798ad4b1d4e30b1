/**
 * Whether an attribute is one of a resource by its name (OpenTelemetry's semantic conventions for resources): for
 * backends that keep the attributes of span and resource in one bag.
 */
export const isResourceAttribute = (name: string): boolean => RESOURCE.test(name);

const RESOURCE = /^(service|telemetry|host|os|process|container|k8s|cloud|deployment)\./;
