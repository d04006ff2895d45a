export {
  openDeliveries,
  LOWEST_PRIORITY,
  type BoardQueue,
  type Deliveries,
  type DeliveriesOptions,
  type NewDelivery,
} from './deliveries.js';
export {
  openInbox,
  type Delivery,
  type DeliveryEnd,
  type Inbox,
  type InboxOptions,
} from './inbox.js';
