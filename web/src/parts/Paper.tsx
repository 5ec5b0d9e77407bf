import './paper.css';

/** What is printed, and is not seen on the screen. Nothing else of the page reaches paper. */
export function Paper({ children }: { readonly children: React.ReactNode }): React.JSX.Element {
  return <div className="paper">{children}</div>;
}
