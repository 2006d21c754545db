/** The page at `/`, complete in itself. */
export const STATUS_PAGE = '<!doctype html><title>kiosk-redis-consumer</title>';
