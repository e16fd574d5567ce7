/** What the snippets are given at run time. */
export declare const id: string;
export declare const ids: string[];
export declare const name: string;
export declare const now: string;
export declare const flag: boolean;
