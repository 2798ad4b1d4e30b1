import type { Component } from '../../src/analysis/timing/component.ts';
import type { Analysis } from '../../src/analysis/analyse.ts';
import type { Row } from '../../src/analysis/rows/waterfall.ts';

/** Colours that services share, where they are no component of Kubernetes. */
const SERVICE_COLOURS = 8;

/** The class of a colour: that of the component, or of the service where the component says nothing. */
export function colourOf(component: Component, service: string): string {
  if (component !== 'other' || service === '') return component;
  let sum = 0;
  for (let index = 0; index < Math.min(service.length, 100); index++)
    sum = (sum * 31 + service.charCodeAt(index)) >>> 0;
  return `service-${sum % SERVICE_COLOURS}`;
}

export function rowColour({ spans: [first] }: Row, { component }: Analysis): string {
  return colourOf(component[first?.index ?? 0] ?? 'other', first?.span.resource.service ?? '');
}
