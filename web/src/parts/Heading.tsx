import { useEffect, useRef } from 'react';

interface HeadingProps {
  readonly children: React.ReactNode;
  readonly id?: string;
  readonly className?: string;
}

/** The heading of a room. Entering the room moves the focus here, so that it is read out. */
export function Heading({ children, id, className }: HeadingProps): React.JSX.Element {
  const place = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    place.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return (
    <h1 ref={place} id={id} tabIndex={-1} className={className}>
      {children}
    </h1>
  );
}
